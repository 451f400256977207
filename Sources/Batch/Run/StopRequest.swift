/// How a batch is asked to end before its scans are done.
public enum StopRequest: Sendable, Hashable {
    /// The scans in hand are finished, no others begun.
    case finishInHand
    /// The scans in hand are given up; the next run begins them anew.
    case atOnce
}
