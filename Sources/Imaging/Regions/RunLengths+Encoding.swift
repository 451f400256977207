// The format, byte by byte:
//
//     1 byte      version: 1
//     number      count of runs
//     per run     number: rows since the run before (the first: since row 0)
//                 where that is 0 and a run came before:   number: columns between that run's end and this one's start, less 1
//                 otherwise:   signed number: this run's start less the start of the run before (the first: less 0)
//                 number: length, less 1
//
// A number is an unsigned LEB128 of at most 5 bytes, without needless zero bytes; a signed number is mapped to an unsigned one
// by zigzag (0, -1, 1, -2, ... -> 0, 1, 2, 3, ...). Rows and columns stay below 2^31. One set of pixels has one encoding.

extension RunLengths {
    private static let version: UInt8 = 1

    /// A compact form for storage, about three bytes a run.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = [Self.version]
        bytes.reserveCapacity(8 + 4 * runs.count)
        Self.append(runs.count, to: &bytes)
        var row = 0
        var start = 0
        var end: Int?
        for run in runs {
            Self.append(run.row - row, to: &bytes)
            if let end, run.row == row {
                Self.append(run.start - end - 1, to: &bytes)
            } else {
                let difference = run.start - start
                Self.append(difference >= 0 ? 2 * difference : -2 * difference - 1, to: &bytes)
            }
            Self.append(run.length - 1, to: &bytes)
            (row, start, end) = (run.row, run.start, run.end)
        }
        return bytes
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        var rest = UInt64(number)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// What ``encoded()`` wrote. Any other bytes are refused, so what is decoded encodes to the same bytes again; memory stays
    /// proportional to the number of bytes.
    ///
    /// - Throws: `ImagingError.malformedRunLengths`.
    public init(decoding bytes: [UInt8]) throws(ImagingError) {
        var reader = RunLengthReader(bytes: bytes)
        guard try reader.byte() == Self.version else {
            throw .malformedRunLengths(offset: 0, reason: "a version that is unknown")
        }
        let count = try reader.number()
        guard count <= reader.remaining / 3 else { throw reader.malformed("more runs than bytes for them") }
        var runs: [PixelRun] = []
        runs.reserveCapacity(count)
        for _ in 0..<count {
            let rows = try reader.number()
            let row = (runs.last?.row ?? 0) + rows
            let start: Int
            if let last = runs.last, rows == 0 {
                start = last.end + 1 + (try reader.number())
            } else {
                start = (runs.last?.start ?? 0) + (try reader.signedNumber())
            }
            let end = start + 1 + (try reader.number())
            guard row < Int(Int32.max), start >= 0, end <= Int(Int32.max) else {
                throw reader.malformed("a run outside of 0..<2^31")
            }
            runs.append(PixelRun(row: row, start: start, length: end - start))
        }
        guard reader.remaining == 0 else { throw reader.malformed("bytes after the last run") }
        self.init(ordered: runs)
    }
}

/// Reads the numbers of encoded run lengths. Each is below 2^35, so that sums of a few cannot overflow.
private struct RunLengthReader {
    let bytes: [UInt8]
    var offset = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    var remaining: Int { bytes.count - offset }

    func malformed(_ reason: String) -> ImagingError { .malformedRunLengths(offset: offset, reason: reason) }

    mutating func byte() throws(ImagingError) -> UInt8 {
        guard offset < bytes.count else { throw malformed("cut off") }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func number() throws(ImagingError) -> Int {
        var value = 0
        for shift in stride(from: 0, to: 35, by: 7) {
            let next = try byte()
            value |= Int(next & 0x7F) << shift
            if next & 0x80 == 0 {
                guard next != 0 || shift == 0 else { throw malformed("a number with needless bytes") }
                return value
            }
        }
        throw malformed("a number of more than five bytes")
    }

    mutating func signedNumber() throws(ImagingError) -> Int {
        let value = try number()
        return value % 2 == 0 ? value / 2 : -(value + 1) / 2
    }
}
