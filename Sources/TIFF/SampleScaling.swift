/// Scales samples to 8 bits.
struct SampleScaling {
    let type: SampleType
    /// For integers of up to 16 bits: the scaled value of each bit pattern.
    private let table: [UInt8]
    private let lowest: Double
    private let factor: Double
    /// What stands for a sample that is no number.
    private let notANumber: UInt8

    init(_ range: SampleRange, type: SampleType, notANumber: UInt8) {
        self.type = type
        self.notANumber = notANumber
        lowest = range.lowest
        let factor = range.highest > range.lowest ? 255 / (range.highest - range.lowest) : 0
        self.factor = factor
        let low = lowest
        table =
            switch type {
            case .uint8: (0...255).map { Self.scale(Double($0), low, factor) }
            case .int8: (0...255).map { Self.scale(Double(Int8(truncatingIfNeeded: $0)), low, factor) }
            case .uint16: (0...65535).map { Self.scale(Double($0), low, factor) }
            case .int16: (0...65535).map { Self.scale(Double(Int16(truncatingIfNeeded: $0)), low, factor) }
            default: []
            }
    }

    /// All samples, 8 bits each.
    func scaled(_ samples: SampleBuffer) -> [UInt8] {
        let count = samples.bytes.count / type.byteCount
        return [UInt8](unsafeUninitializedCapacity: count) { output, initialised in
            samples.bytes.withUnsafeBytes { input in
                switch type {
                case .uint8, .int8: look(up: input.bindMemory(to: UInt8.self), into: output)
                case .uint16, .int16: look(up: input.bindMemory(to: UInt16.self), into: output)
                case .uint32: compute(input.bindMemory(to: UInt32.self), into: output) { Double($0) }
                case .int32: compute(input.bindMemory(to: Int32.self), into: output) { Double($0) }
                case .uint64: compute(input.bindMemory(to: UInt64.self), into: output) { Double($0) }
                case .int64: compute(input.bindMemory(to: Int64.self), into: output) { Double($0) }
                case .float32: compute(input.bindMemory(to: Float.self), into: output) { Double($0) }
                case .float64: compute(input.bindMemory(to: Double.self), into: output) { $0 }
                }
            }
            initialised = count
        }
    }

    private static func scale(_ value: Double, _ lowest: Double, _ factor: Double) -> UInt8 {
        let scaled = (value - lowest) * factor
        return scaled > 0 ? UInt8(min(scaled, 255) + 0.5) : 0
    }

    @inline(__always)
    private func look<Element: FixedWidthInteger>(
        up input: UnsafeBufferPointer<Element>, into output: UnsafeMutableBufferPointer<UInt8>
    ) {
        table.withUnsafeBufferPointer { table in
            for index in 0..<input.count { output[index] = table[Int(truncatingIfNeeded: input[index])] }
        }
    }

    @inline(__always)
    private func compute<Element>(
        _ input: UnsafeBufferPointer<Element>, into output: UnsafeMutableBufferPointer<UInt8>,
        _ convert: (Element) -> Double
    ) {
        for index in 0..<input.count {
            let value = convert(input[index])
            output[index] = value.isNaN ? notANumber : Self.scale(value, lowest, factor)
        }
    }
}
