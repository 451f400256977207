/// What a mask's pixels are marked by, told row by row: one value, or one for each object; else nobody knows which of them is the
/// structure.
struct MaskValues {
    private let width: Int
    private var values: Set<UInt64> = []
    /// 8-connected sets of pixels of one value.
    private var pieces = 0
    private var pixels = 0
    private var above: [Run] = []
    /// Of the pieces in the row above: whichever is one with it.
    private var parents: [Int] = []

    private struct Run {
        let start, end: Int
        let value: UInt64
        var piece: Int
    }

    /// Of which no picture has as many objects.
    private static let mostValues = 1 << 20
    /// Numbers of which there are more are shades where they have few pixels each.
    private static let (fewValues, fewPixels) = (64, 4)

    init(width: Int) { self.width = width }

    /// - Parameter marks: `[rows, width]`, 0 where nothing is marked.
    mutating func add(_ marks: [UInt64]) {
        marks.withUnsafeBufferPointer { marks in
            for first in stride(from: 0, to: marks.count, by: width) { add(row: marks[first..<first + width]) }
        }
    }

    /// - Throws: `ImagingError.invalidParameter`.
    func requireOneMeaning() throws(ImagingError) {
        guard values.count > 1 else { return }
        // Some objects lie apart, behind others.
        let areObjects = pieces <= values.count + values.count / 4
        let areShades = values.count > Self.fewValues && pixels < Self.fewPixels * pieces
        guard areObjects, !areShades, values.count < Self.mostValues else {
            throw .invalidParameter(
                name: "mask",
                reason:
                    "it has \(values.count) values besides 0 in \(pieces) places: which is the structure? Write 0 where "
                    + "it is not, and one other value where it is, or one for each object")
        }
    }

    private mutating func add(row: Slice<UnsafeBufferPointer<UInt64>>) {
        var current: [Run] = []
        var candidate = 0
        var x = row.startIndex
        while x < row.endIndex {
            let (start, value) = (x, row[x])
            repeat { x += 1 } while x < row.endIndex && row[x] == value
            guard value != 0 else { continue }
            let (from, to) = (start - row.startIndex, x - row.startIndex)
            while candidate < above.count, above[candidate].end < from { candidate += 1 }
            current.append(Run(start: from, end: to, value: value, piece: piece(value, from: from, to: to, candidate)))
            pixels += to - from
            if values.count < Self.mostValues { values.insert(value) }
        }
        keep(current)
    }

    /// The piece above that a run goes on, or a new one; several that it goes on become one.
    private mutating func piece(_ value: UInt64, from: Int, to: Int, _ candidate: Int) -> Int {
        var piece: Int?
        var index = candidate
        while index < above.count, above[index].start <= to {
            if above[index].value == value {
                let other = root(above[index].piece)
                if let piece, piece != other {
                    parents[other] = piece
                    pieces -= 1
                }
                piece = piece ?? other
            }
            index += 1
        }
        if let piece { return piece }
        pieces += 1
        parents.append(parents.count)
        return parents.count - 1
    }

    /// Forgets the pieces that end above, so that memory does not grow with the picture.
    private mutating func keep(_ current: [Run]) {
        var numbers = [Int](repeating: -1, count: parents.count)
        var count = 0
        above = current.map { run in
            let root = root(run.piece)
            if numbers[root] < 0 {
                numbers[root] = count
                count += 1
            }
            var run = run
            run.piece = numbers[root]
            return run
        }
        parents = Array(0..<count)
    }

    private func root(_ piece: Int) -> Int {
        var piece = piece
        while parents[piece] != piece { piece = parents[piece] }
        return piece
    }
}
