/// How often a scan is tried that fails night after night.
public struct RetryPolicy: Sendable, Hashable {
    /// Recorded failures of one pipeline on one scan after which it is left alone.
    let failureLimit: Int

    public static let standard = RetryPolicy(failureLimit: 3)
    /// Every scan that is not done is tried again.
    public static let always = RetryPolicy(failureLimit: .max)
}
