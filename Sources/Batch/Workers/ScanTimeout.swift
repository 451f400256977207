/// How long a worker may take over one scan, by the clock on the wall.
public struct ScanTimeout: Sendable, Hashable {
    private let base: Duration
    private let perMebibyte: Duration

    /// The same for every scan.
    public init(fixed: Duration) {
        base = fixed
        perMebibyte = .zero
    }

    private init(base: Duration, perMebibyte: Duration) {
        self.base = base
        self.perMebibyte = perMebibyte
    }

    /// Five minutes, and fifteen seconds more for each MiB of the file: several times what one core needs for
    /// JPEG-compressed slides, and an end to a scan that makes a decoder run in circles.
    public static let scaled = ScanTimeout(base: .seconds(300), perMebibyte: .seconds(15))

    func duration(byteCount: Int64) -> Duration {
        base + perMebibyte * Double(max(0, byteCount)) / 1_048_576
    }
}
