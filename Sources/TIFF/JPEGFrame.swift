/// What the header of a JPEG image says of its samples (ITU-T T.81, annex B.2).
struct JPEGFrame: Sendable, Hashable {
    private static let maximumSegments = 64

    /// Whether the samples are predicted and not transformed (process SOF3), which libjpeg does not decode.
    let isLossless: Bool
    let precision: Int
    let width: Int
    let height: Int
    /// The horizontal and vertical sampling factor of each component.
    let samplingFactors: [ChromaSubsampling]

    /// The frame of the image that begins at `offset`; nil where none begins there. Only headers are read.
    init?(at offset: UInt64, in source: FileSource) {
        guard var position = Int(exactly: offset), source.read(at: position, count: 2) == [0xFF, 0xD8] else {
            return nil
        }
        position += 2
        for _ in 0..<Self.maximumSegments {
            let head = source.read(at: position, count: 4)
            guard head.count == 4, head[0] == 0xFF else { return nil }
            let (marker, length) = (head[1], Int(head[2]) << 8 | Int(head[3]))
            switch marker {
            case 0xFF:
                position += 1
            case 0xC4, 0xC8, 0xCC, 0xE0...0xEF, 0xFE, 0xDB, 0xDD:
                guard length >= 2 else { return nil }
                position += 2 + length
            case 0xC0...0xCF:
                self.init(process: marker, segment: source.read(at: position + 4, count: length - 2))
                return
            default:
                return nil
            }
        }
        return nil
    }

    /// - Parameter segment: what follows the length of a start-of-frame segment.
    init?(process marker: UInt8, segment: [UInt8]) {
        guard segment.count >= 6, segment.count == 6 + 3 * Int(segment[5]), segment[5] > 0 else { return nil }
        isLossless = marker == 0xC3
        precision = Int(segment[0])
        height = Int(segment[1]) << 8 | Int(segment[2])
        width = Int(segment[3]) << 8 | Int(segment[4])
        samplingFactors = stride(from: 7, to: segment.count, by: 3).map {
            ChromaSubsampling(horizontal: Int(segment[$0] >> 4), vertical: Int(segment[$0] & 15))
        }
    }
}
