/// Steps through the marker segments that precede the coded samples of a JPEG image, or that are shared by several
/// (ITU-T T.81, annex B).
struct JPEGSegments {
    struct Segment {
        let marker: UInt8
        /// Where what follows the length begins, and how many bytes it has.
        let position: Int
        let count: Int
    }

    private static let maximumSegments = 64

    private let read: (_ position: Int, _ count: Int) -> [UInt8]
    private var position: Int
    private var remaining = maximumSegments

    /// Nil where no image begins at `start`.
    init?(at start: Int, read: @escaping (_ position: Int, _ count: Int) -> [UInt8]) {
        guard read(start, 2) == [0xFF, 0xD8] else { return nil }
        self.read = read
        position = start + 2
    }

    /// Nil where the bytes do not begin as an image does.
    init?(_ bytes: [UInt8]) {
        self.init(at: 0) { Array(bytes.dropFirst(max(0, $0)).prefix(max(0, $1))) }
    }

    /// The next segment, up to the frame's; nil at the end, or where something else stands.
    mutating func next() -> Segment? {
        while remaining > 0 {
            remaining -= 1
            let head = read(position, 4)
            guard head.count == 4, head[0] == 0xFF else { return nil }
            let (marker, length) = (head[1], Int(head[2]) << 8 | Int(head[3]))
            switch marker {
            case 0xFF:
                position += 1
            case 0xC0...0xCF, 0xE0...0xEF, 0xFE, 0xDB, 0xDD:
                guard length >= 2 else { return nil }
                defer { position += 2 + length }
                return Segment(marker: marker, position: position + 4, count: length - 2)
            default:
                return nil
            }
        }
        return nil
    }

    func content(of segment: Segment, atMost count: Int = .max) -> [UInt8] {
        read(segment.position, min(segment.count, count))
    }
}
