import FindingStore

/// How often a scan is tried that fails night after night.
public struct RetryPolicy: Sendable, Hashable {
    /// Recorded failures of one pipeline on one scan after which it is left alone.
    let failureLimit: Int
    /// The same with failures that a busy machine or a person explains as well as the scan: out of time, ended.
    let passingFailureLimit: Int

    public static let standard = RetryPolicy(failureLimit: 3, passingFailureLimit: 10)
    /// Every scan that is not done is tried again.
    public static let always = RetryPolicy(failureLimit: .max, passingFailureLimit: .max)

    func givesUp(after failures: FailureCounts) -> Bool {
        failures.lasting >= failureLimit || failures.all >= passingFailureLimit
    }
}
