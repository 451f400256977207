/// How many bits the samples of an image need, counted by their number.
struct SampleDepths {
    /// Depths of samples that may hold fewer bits than they have: those of the machine.
    static let words = [16, 32, 64]
    /// Beyond these any, up to two bits fewer than the word has: one fewer is the whole word, as 15 bits are of 16.
    private static let usual = [8, 10, 12, 14, 16]
    private static let maximumChunks = 64
    private static let bytesLookedAt = 64 << 20

    /// The bits that the samples have.
    let container: Int
    /// Samples by the number of bits that their value needs.
    private var counts = [Int](repeating: 0, count: 65)
    private(set) var hasNegative = false
    private let told: ToldSamples
    private var valueCount = 0
    private var countBeyondTold = 0

    init(container: Int, told: ToldSamples) {
        self.container = container
        self.told = told
    }

    /// The least of the usual depths that is no smaller, or else the bits themselves.
    static func usual(atLeast bits: Int) -> Int { usual.first { $0 >= bits } ?? bits }

    /// The least usual depth that holds all but this share of the values; of an image that is black, all its bits.
    func bits(withoutBrightest share: Double) -> Int {
        let allowed = Int(Double(counts.reduce(0, +)) * share)
        guard counts.dropFirst().contains(where: { $0 > 0 }), !hasNegative else { return container }
        let depths = Self.usual + (17..<max(17, container - 1))
        return depths.first { $0 >= container || counts[($0 + 1)...].reduce(0, +) <= allowed } ?? container
    }

    /// Whether all but this share of the values lie where the file says.
    func areAsTold(butFor share: Double) -> Bool { Double(countBeyondTold) <= Double(valueCount) * share }

    /// Which of the chunks of a grid are looked at: every so many-th, or the first bands, for the way to the others leads
    /// through all before them.
    static func rowsAndColumns(of grid: ChunkGrid) -> [(row: Int, column: Int)] {
        let count = min(maximumChunks, max(4, bytesLookedAt / max(grid.chunkBytes, 1)))
        if case .band = grid.piece { return (0..<min(count, grid.rows)).map { ($0, 0) } }
        let step = max(1, grid.rows * grid.columns / count)
        return stride(from: step / 2, to: grid.rows * grid.columns, by: step).map {
            ($0 / grid.columns, $0 % grid.columns)
        }
    }

    /// - Parameters:
    ///   - samples: how many belong to a pixel, of which the first `colours` count.
    mutating func add(
        _ chunk: DecodedChunk, type: SampleType, rows: Int, columns: Int, width: Int, samples: Int, colours: Int
    ) {
        let bounds = told == ToldSamples() ? nil : told.bounds
        func count<Element: FixedWidthInteger>(_ values: UnsafeMutableBufferPointer<Element>) {
            valueCount += rows * columns * colours
            for row in 0..<rows {
                for column in 0..<columns {
                    let first = (row * width + column) * samples
                    for value in values[first..<first + colours] {
                        if let bounds, !bounds.contains(Double(value)) { countBeyondTold += 1 }
                        if value < 0 {
                            hasNegative = true
                        } else {
                            counts[Element.bitWidth - value.leadingZeroBitCount] += 1
                        }
                    }
                }
            }
        }
        switch type {
        case .uint16: count(chunk.buffer.bindMemory(to: UInt16.self))
        case .int16: count(chunk.buffer.bindMemory(to: Int16.self))
        case .uint32: count(chunk.buffer.bindMemory(to: UInt32.self))
        case .int32: count(chunk.buffer.bindMemory(to: Int32.self))
        case .uint64: count(chunk.buffer.bindMemory(to: UInt64.self))
        case .int64: count(chunk.buffer.bindMemory(to: Int64.self))
        case .uint8, .int8, .float32, .float64: break
        }
    }
}

extension TIFFReader {
    /// Nil where the samples are no integers wider than a byte.
    func sampleDepths(of directory: TIFFDirectory) throws(TIFFError) -> SampleDepths? {
        let grid = try prepare(directory)
        guard let type = directory.sampleType, type.byteCount > 1 else { return nil }
        var depths = SampleDepths(container: directory.bitsPerSample, told: directory.toldSamples)
        let colours = directory.colourSamplesPerPixel
        for (row, column) in SampleDepths.rowsAndColumns(of: grid) {
            let rows = grid.imageRows(ofRow: row)
            for plane in 0..<min(grid.planes, colours) {
                guard let chunk = try decodeUncached(column: column, row: row, plane: plane) else { continue }
                depths.add(
                    chunk, type: type, rows: min(rows.upperBound, directory.height) - rows.lowerBound,
                    columns: min(grid.chunkWidth, directory.width - column * grid.chunkWidth), width: grid.chunkWidth,
                    samples: grid.samplesPerChunkPixel, colours: grid.planes > 1 ? 1 : colours)
            }
        }
        return depths
    }
}

extension TIFFDirectory {
    /// Whether they are red, green and blue: writers forget the photometric interpretation more often than they write three
    /// greys, and some call the last two extra samples of no meaning.
    var holdsThreeGreys: Bool {
        photometricInterpretation == .minIsBlack && samplesPerPixel == 3
            && extraSamples.allSatisfy { $0 == .unspecified }
    }

    /// The samples of a pixel that are neither alpha nor anything else beside the colour.
    var colourSamplesPerPixel: Int {
        let count = photometricInterpretation == .rgb || holdsThreeGreys ? 3 : samplesPerPixel - extraSamples.count
        return max(1, min(count, samplesPerPixel))
    }
}
