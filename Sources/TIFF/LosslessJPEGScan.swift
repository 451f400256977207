/// The coded samples of a lossless JPEG image: differences from a prediction, Huffman-coded.
struct LosslessJPEGScan {
    let components: Int
    let columns: Int
    let rows: Int
    /// Of each component.
    let tables: [HuffmanTable]
    /// 1...7, by T.81, table H.1.
    let predictor: Int
    let pointTransform: Int
    let precision: Int
    /// Pixels between restarts, a multiple of the columns; 0 for none.
    let restartInterval: Int

    /// Writes `[rows, columns, components]`.
    func decode<Sample: FixedWidthInteger & UnsignedInteger>(
        _ data: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Sample>
    ) throws(TIFFError) {
        var bits = JPEGBitReader(data)
        let rowSamples = columns * components
        let start = 1 << (precision - pointTransform - 1)
        guard output.count >= rows * rowSamples, restartInterval % columns == 0 else {
            throw TIFFError(.unsupported, "a lossless JPEG image that restarts within a row")
        }
        let rowsPerRestart = restartInterval / columns
        // Without the point transform, for rows are predicted from those.
        var above = [Int32](repeating: 0, count: rowSamples)
        var current = above
        for row in 0..<rows {
            let isFirst = rowsPerRestart > 0 ? row % rowsPerRestart == 0 : row == 0
            if isFirst && row > 0 { bits.skipRestart() }
            for index in 0..<rowSamples {
                let prediction: Int
                if index < components {
                    prediction = isFirst ? start : Int(above[index])
                } else if isFirst {
                    prediction = Int(current[index - components])
                } else {
                    prediction = predict(
                        left: Int(current[index - components]), above: Int(above[index]),
                        diagonal: Int(above[index - components]))
                }
                guard let difference = bits.difference(tables[index % components]) else {
                    throw TIFFError(.malformed, "lossless JPEG data ends or breaks in row \(row)")
                }
                let value = (prediction + difference) & 0xFFFF
                current[index] = Int32(value)
                output[row * rowSamples + index] = Sample(truncatingIfNeeded: value << pointTransform)
            }
            swap(&above, &current)
        }
    }

    private func predict(left: Int, above: Int, diagonal: Int) -> Int {
        switch predictor {
        case 1: left
        case 2: above
        case 3: diagonal
        case 4: left + above - diagonal
        case 5: left + (above - diagonal) >> 1
        case 6: above + (left - diagonal) >> 1
        default: (left + above) >> 1
        }
    }
}

/// Codes of up to 16 bits (T.81, annex C).
struct HuffmanTable {
    /// Of each length from 1 to 16: the codes below `limit` have it, and their values start at `first` less `base`.
    private var limits: [Int] = []
    private var bases: [Int] = []
    private let values: [UInt8]

    /// - Parameter counts: how many codes have 1...16 bits. Nil where these are no prefix code.
    init?(counts: [Int], values: [UInt8]) {
        guard counts.count == 16, counts.reduce(0, +) == values.count else { return nil }
        var (code, index) = (0, 0)
        for (length, count) in counts.enumerated() {
            bases.append(index - code)
            code += count
            index += count
            guard code <= 1 << (length + 1) else { return nil }
            limits.append(code)
            code <<= 1
        }
        self.values = values
    }

    /// The value whose code `bits` stand before; nil where none does.
    func value(_ bits: inout JPEGBitReader) -> UInt8? {
        var code = 0
        for length in 0..<16 {
            guard let bit = bits.take(1) else { return nil }
            code = code << 1 | bit
            if code < limits[length] { return values[code + bases[length]] }
        }
        return nil
    }
}

/// Bits, most significant first, of data in which a zero byte follows each 0xFF.
struct JPEGBitReader {
    private let data: UnsafeRawBufferPointer
    private var position = 0
    private var held = 0
    private var heldBits = 0

    init(_ data: UnsafeRawBufferPointer) { self.data = data }

    /// Nil at the end of the data, or before a marker.
    mutating func take(_ count: Int) -> Int? {
        while heldBits < count {
            guard position < data.count else { return nil }
            let byte = data[position]
            if byte == 0xFF {
                guard position + 1 < data.count, data[position + 1] == 0 else { return nil }
                position += 1
            }
            position += 1
            held = (held << 8 | Int(byte)) & 0xFFFF_FFFF
            heldBits += 8
        }
        heldBits -= count
        return held >> heldBits & (1 << count - 1)
    }

    /// The next difference (T.81, F.2.2.1 and H.1.2.2).
    mutating func difference(_ table: HuffmanTable) -> Int? {
        guard let size = table.value(&self), size <= 16 else { return nil }
        if size == 0 { return 0 }
        if size == 16 { return 32768 }
        guard let bits = take(Int(size)) else { return nil }
        return bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits
    }

    /// Goes on after the next restart marker, which lies at a whole byte.
    mutating func skipRestart() {
        (held, heldBits) = (0, 0)
        if position + 1 < data.count, data[position] == 0xFF, (0xD0...0xD7).contains(data[position + 1]) {
            position += 2
        }
    }
}
