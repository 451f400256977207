/// Mean and standard deviation over all samples of an image as they are stored.
public struct SampleStatistics: Sendable, Hashable {
    public let width: Int
    public let height: Int
    public let samplesPerPixel: Int
    public let mean: Double
    /// Of the population: divided by n, not by n - 1.
    public let standardDeviation: Double
    /// Over the finite samples; nil where there is none.
    public let range: ClosedRange<Double>?
    /// How many samples are finite, and of floating-point ones, how many of these lie beyond each of `SampleRange.usualWithOvershoot`.
    let finiteCount: Int
    let finiteBeyond: [Int]
}

extension TIFFReader {
    /// Streams over the tiles or strips of an image once; memory does not grow with the image.
    public func statistics(of directory: TIFFDirectory) throws(TIFFError) -> SampleStatistics {
        let grid = try prepare(directory)
        guard let type = directory.sampleType else {
            throw TIFFError(.unsupported, "samples of no known type", directory: directory.index)
        }
        var moments = Moments()
        for plane in 0..<grid.planes {
            for row in 0..<grid.rows {
                let rows = grid.imageRows(ofRow: row)
                for column in 0..<grid.columns {
                    let rowSamples =
                        min(grid.chunkWidth, directory.width - column * grid.chunkWidth) * grid.samplesPerChunkPixel
                    let rowCount = min(rows.upperBound, directory.height) - rows.lowerBound
                    guard let chunk = try decodeUncached(column: column, row: row, plane: plane) else {
                        moments.add(absent: directory.absentSample(type).value, count: rowCount * rowSamples)
                        continue
                    }
                    moments.add(
                        chunk, type: type, rows: rowCount, rowSamples: rowSamples,
                        rowStride: grid.chunkWidth * grid.samplesPerChunkPixel)
                }
            }
        }
        return SampleStatistics(
            width: directory.width, height: directory.height, samplesPerPixel: directory.samplesPerPixel,
            mean: moments.mean, standardDeviation: moments.standardDeviation, range: moments.range,
            finiteCount: moments.finiteCount,
            finiteBeyond: moments.finiteBeyond)
    }
}

/// Running moments, merged piece by piece (Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for
/// computing sample variances", 1979): sums of squares of large numbers would lose the variance.
struct Moments {
    private(set) var count = 0
    private(set) var mean = 0.0
    private var squares = 0.0
    private var minimum = Double.infinity
    private var maximum = -Double.infinity
    private(set) var finiteCount = 0
    private(set) var finiteBeyond = SampleRange.usual.map { _ in 0 }

    var standardDeviation: Double { count == 0 ? 0 : (squares / Double(count)).squareRoot() }
    var range: ClosedRange<Double>? { minimum <= maximum ? minimum...maximum : nil }

    /// Counts samples that the file leaves out, which have no say in the range.
    mutating func add(absent value: Double, count: Int) {
        if count > 0 { merge(count, value, 0, .infinity, -.infinity) }
    }

    mutating func add(_ chunk: DecodedChunk, type: SampleType, rows: Int, rowSamples: Int, rowStride: Int) {
        for row in 0..<rows {
            let size = type.byteCount
            let line = UnsafeMutableRawBufferPointer(
                rebasing: chunk.buffer[row * rowStride * size..<(row * rowStride + rowSamples) * size])
            switch type {
            case .uint8: add(integers: line.bindMemory(to: UInt8.self))
            case .int8: add(integers: line.bindMemory(to: Int8.self))
            case .uint16: add(integers: line.bindMemory(to: UInt16.self))
            case .int16: add(integers: line.bindMemory(to: Int16.self))
            case .uint32: add(integers: line.bindMemory(to: UInt32.self))
            case .int32: add(integers: line.bindMemory(to: Int32.self))
            case .uint64: add(line.bindMemory(to: UInt64.self)) { Double($0) }
            case .int64: add(line.bindMemory(to: Int64.self)) { Double($0) }
            case .float32: add(line.bindMemory(to: Float.self)) { Double($0) }
            case .float64: add(line.bindMemory(to: Double.self)) { $0 }
            }
        }
    }

    /// Sums of up to 32-bit integers are exact in 64 bits.
    @inline(__always)
    private mutating func add<Element: FixedWidthInteger>(integers values: UnsafeMutableBufferPointer<Element>) {
        var sum: Int64 = 0
        var (smallest, largest) = (Element.max, Element.min)
        for value in values {
            sum &+= Int64(truncatingIfNeeded: value)
            smallest = min(smallest, value)
            largest = max(largest, value)
        }
        guard !values.isEmpty else { return }
        let pieceMean = Double(sum) / Double(values.count)
        var pieceSquares = 0.0
        for value in values {
            let difference = Double(value) - pieceMean
            pieceSquares += difference * difference
        }
        merge(values.count, pieceMean, pieceSquares, Double(smallest), Double(largest))
    }

    @inline(__always)
    private mutating func add<Element>(_ values: UnsafeMutableBufferPointer<Element>, _ convert: (Element) -> Double) {
        guard !values.isEmpty else { return }
        var sum = 0.0
        var (smallest, largest) = (Double.infinity, -Double.infinity)
        for value in values {
            let value = convert(value)
            sum += value
            if value.isFinite {
                finiteCount += 1
                smallest = min(smallest, value)
                largest = max(largest, value)
            }
        }
        for (index, usual) in SampleRange.usualWithOvershoot.enumerated()
        where !(usual.contains(smallest) && usual.contains(largest)) && smallest <= largest {
            finiteBeyond[index] += values.reduce(0) { count, value in
                let value = convert(value)
                return value.isFinite && !usual.contains(value) ? count + 1 : count
            }
        }
        let pieceMean = sum / Double(values.count)
        var pieceSquares = 0.0
        for value in values {
            let difference = convert(value) - pieceMean
            pieceSquares += difference * difference
        }
        merge(values.count, pieceMean, pieceSquares, smallest, largest)
    }

    private mutating func merge(
        _ pieceCount: Int, _ pieceMean: Double, _ pieceSquares: Double, _ smallest: Double, _ largest: Double
    ) {
        let total = count + pieceCount
        let difference = pieceMean - mean
        squares += pieceSquares + difference * difference * (Double(count) * Double(pieceCount) / Double(total))
        mean += difference * Double(pieceCount) / Double(total)
        count = total
        (minimum, maximum) = (min(minimum, smallest), max(maximum, largest))
    }
}
