/// Neighbouring pixels of one row: columns `start..<end`.
public struct PixelRun: Sendable, Hashable {
    private let storedRow: Int32
    private let storedStart: Int32
    private let storedEnd: Int32

    /// - Precondition: `row` and `start` are not negative, `length` is positive, and all stay within 32 bits.
    public init(row: Int, start: Int, length: Int) {
        precondition(row >= 0 && start >= 0 && length > 0, "a run has a place and a length")
        storedRow = Int32(row)
        storedStart = Int32(start)
        storedEnd = Int32(start + length)
    }

    public var row: Int { Int(storedRow) }
    public var start: Int { Int(storedStart) }
    /// The column behind the last one.
    public var end: Int { Int(storedEnd) }
    public var length: Int { Int(storedEnd) - Int(storedStart) }
}

extension PixelRun: Comparable {
    /// By row, then by column.
    public static func < (first: PixelRun, second: PixelRun) -> Bool {
        first.storedRow != second.storedRow
            ? first.storedRow < second.storedRow : first.storedStart < second.storedStart
    }
}
