/// Decodes lossless JPEG images by ITU-T T.81, annex H (process 14, Huffman-coded), which libjpeg leaves out: medical
/// scanners and cameras write them.
struct LosslessJPEGDecoder {
    /// Samples of a row of the tile or strip, all components together.
    let rowSamples: Int
    let rows: Int
    let sampleType: SampleType

    /// Writes the samples `[rows, rowSamples]`; rows that the image does not have become zero.
    ///
    /// - Throws: `TIFFError`, if the data is broken, or is no lossless image with rows of the expected length.
    func decode(_ data: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(TIFFError) {
        output.initializeMemory(as: UInt8.self, repeating: 0)
        var header = LosslessJPEGHeader()
        let scanStart = try header.read(data)
        guard let frame = header.frame, frame.isLossless, frame.samplingFactors.allSatisfy({ $0 == .none }),
            frame.width * frame.samplingFactors.count == rowSamples, (2...16).contains(frame.precision),
            frame.precision <= 8 * sampleType.byteCount, (1...7).contains(header.predictor),
            header.pointTransform < frame.precision
        else { throw TIFFError(.unsupported, "a lossless JPEG image that does not fit the tile or strip") }
        let tables = try header.scanTables(components: frame.samplingFactors.count)
        let scan = LosslessJPEGScan(
            components: frame.samplingFactors.count, columns: frame.width, rows: min(rows, frame.height),
            tables: tables, predictor: header.predictor, pointTransform: header.pointTransform,
            precision: frame.precision, restartInterval: header.restartInterval)
        let coded = UnsafeRawBufferPointer(rebasing: data[scanStart...])
        if sampleType.byteCount == 1 {
            try scan.decode(coded, into: output.bindMemory(to: UInt8.self))
        } else {
            try scan.decode(coded, into: output.bindMemory(to: UInt16.self))
        }
    }
}

/// The segments before the coded samples.
private struct LosslessJPEGHeader {
    private(set) var frame: JPEGFrame?
    private(set) var predictor = 0
    private(set) var pointTransform = 0
    private(set) var restartInterval = 0
    private var tables: [Int: HuffmanTable] = [:]
    /// The number of the table of each component of the scan.
    private var tableNumbers: [Int] = []

    /// Answers where the coded samples start.
    mutating func read(_ data: UnsafeRawBufferPointer) throws(TIFFError) -> Int {
        let failure = TIFFError(.malformed, "the header of a lossless JPEG image is broken")
        guard data.count > 4, data[0] == 0xFF, data[1] == 0xD8 else { throw failure }
        var position = 2
        while position + 4 <= data.count {
            guard data[position] == 0xFF else { throw failure }
            let marker = data[position + 1]
            if marker == 0xFF {
                position += 1
                continue
            }
            let length = Int(data[position + 2]) << 8 | Int(data[position + 3])
            guard length >= 2, position + 2 + length <= data.count else { throw failure }
            let segment = Array(data[position + 4..<position + 2 + length])
            position += 2 + length
            switch marker {
            case 0xC4: try readTables(segment)
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                frame = JPEGFrame(process: marker, segment: segment)
            case 0xDD where segment.count == 2: restartInterval = Int(segment[0]) << 8 | Int(segment[1])
            case 0xDA:
                guard let count = segment.first.map({ Int($0) }), segment.count == 4 + 2 * count else { throw failure }
                tableNumbers = (0..<count).map { Int(segment[2 + 2 * $0] >> 4) }
                predictor = Int(segment[1 + 2 * count])
                pointTransform = Int(segment[3 + 2 * count] & 15)
                return position
            default: break
            }
        }
        throw failure
    }

    func scanTables(components: Int) throws(TIFFError) -> [HuffmanTable] {
        let found = tableNumbers.compactMap { tables[$0] }
        guard found.count == components, tableNumbers.count == components else {
            throw TIFFError(.unsupported, "a lossless JPEG image in several scans, or without its tables")
        }
        return found
    }

    private mutating func readTables(_ segment: [UInt8]) throws(TIFFError) {
        var rest = segment[...]
        while rest.count >= 17, let number = rest.first {
            let counts = rest.dropFirst().prefix(16).map { Int($0) }
            let values = rest.dropFirst(17).prefix(counts.reduce(0, +))
            guard let table = HuffmanTable(counts: counts, values: Array(values)) else {
                throw TIFFError(.malformed, "a Huffman table of a lossless JPEG image is broken")
            }
            tables[Int(number)] = table
            rest = rest.dropFirst(17 + values.count)
        }
    }
}
