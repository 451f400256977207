/// What the header of a JPEG image says of its samples (ITU-T T.81, annex B.2).
struct JPEGFrame: Sendable, Hashable {
    /// Whether the samples are predicted and not transformed (process SOF3), which libjpeg does not decode.
    let isLossless: Bool
    let precision: Int
    let width: Int
    let height: Int
    /// The horizontal and vertical sampling factor of each component.
    let samplingFactors: [ChromaSubsampling]
    let componentIdentifiers: [UInt8]
    /// What Adobe's marker says was done to the colours (Technical Note 5116): 0 nothing, 1 YCbCr, 2 YCCK.
    private(set) var adobeTransform: UInt8?
    /// Whether the image says that it is JFIF, which knows grey and YCbCr.
    private(set) var isJFIF = false

    /// The frame of the image that begins at `offset`; nil where none begins there. Only headers are read.
    ///
    /// - Parameter sharedTables: the stream of tag 347, whose marker counts where the image has none.
    init?(at offset: UInt64, in source: FileSource, sharedTables: [UInt8] = []) {
        guard let start = Int(exactly: offset),
            let segments = JPEGSegments(at: start, read: { source.read(at: $0, count: $1) })
        else { return nil }
        self.init(segments, sharedTables: sharedTables)
    }

    /// The frame of the image that the bytes are.
    init?(of image: [UInt8]) {
        guard let segments = JPEGSegments(image) else { return nil }
        self.init(segments, sharedTables: [])
    }

    private init?(_ segments: JPEGSegments, sharedTables: [UInt8]) {
        var segments = segments
        var (adobe, isJFIF) = (UInt8?.none, false)
        while let segment = segments.next() {
            switch segment.marker {
            case 0xC4, 0xC8, 0xCC: continue
            case 0xC0...0xCF:
                self.init(process: segment.marker, segment: segments.content(of: segment))
                adobeTransform = adobe ?? Self.adobeTransform(inTables: sharedTables)
                self.isJFIF = isJFIF
                return
            case 0xE0: isJFIF = segments.content(of: segment, atMost: 5) == Array("JFIF\0".utf8) || isJFIF
            default: adobe = Self.adobeTransform(segment, of: segments) ?? adobe
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
        componentIdentifiers = stride(from: 6, to: segment.count, by: 3).map { segment[$0] }
    }

    /// Whether the three components are YCbCr; nil where the image does not tell. The rules are libjpeg's
    /// (`default_decompress_parms`), but for the order of its guesses and for the last one: numbers that mean nothing
    /// say nothing.
    var isYCbCr: Bool? {
        guard componentIdentifiers.count == 3 else { return nil }
        if let adobeTransform { return adobeTransform != 0 }
        if componentIdentifiers == Array("RGB".utf8) { return false }
        let isSubsampled = samplingFactors.contains { $0 != samplingFactors[0] }
        return isJFIF || isSubsampled || componentIdentifiers == [1, 2, 3] ? true : nil
    }

    private static func adobeTransform(inTables tables: [UInt8]) -> UInt8? {
        guard var segments = JPEGSegments(tables) else { return nil }
        while let segment = segments.next() {
            if let transform = adobeTransform(segment, of: segments) { return transform }
        }
        return nil
    }

    private static func adobeTransform(_ segment: JPEGSegments.Segment, of segments: JPEGSegments) -> UInt8? {
        guard segment.marker == 0xEE else { return nil }
        let content = segments.content(of: segment, atMost: 12)
        return content.count == 12 && content.starts(with: "Adobe".utf8) ? content[11] : nil
    }
}
