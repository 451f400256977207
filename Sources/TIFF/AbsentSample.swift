/// What stands for the samples of a tile or strip that the file leaves out: the file's own value for no data, or 0, which
/// is what other programs read. In colours, it is the background of `TIFFRendering`.
struct AbsentSample {
    let value: Double
    /// The bits of `value` as a sample.
    let bitPattern: UInt64

    init(noDataValue: Double?, type: SampleType) {
        let value = noDataValue ?? 0
        func bits<Element: FixedWidthInteger>(_ type: Element.Type) -> UInt64? {
            Element(exactly: value).map { UInt64(truncatingIfNeeded: $0) }
        }
        let pattern: UInt64? =
            switch type {
            case .uint8: bits(UInt8.self)
            case .uint16: bits(UInt16.self)
            case .uint32: bits(UInt32.self)
            case .uint64: bits(UInt64.self)
            case .int8: bits(Int8.self)
            case .int16: bits(Int16.self)
            case .int32: bits(Int32.self)
            case .int64: bits(Int64.self)
            case .float32: UInt64(Float(value).bitPattern)
            case .float64: value.bitPattern
            }
        self.value = pattern == nil ? 0 : value
        bitPattern = pattern ?? 0
    }
}

extension TIFFDirectory {
    func absentSample(_ type: SampleType) -> AbsentSample {
        let fits = sampleFormat == .floatingPoint || noDataValue ?? 0 <= SampleRange.greatest(bitsPerSample)
        return AbsentSample(noDataValue: fits ? noDataValue : nil, type: type)
    }
}
