/// The type of a decoded sample. Depths between those of the machine are widened: 12-bit samples arrive as `uint16`,
/// 16- and 24-bit floating point as `float32`.
public enum SampleType: String, Sendable, Hashable, CaseIterable {
    case uint8, uint16, uint32, uint64, int8, int16, int32, int64, float32, float64

    public var byteCount: Int {
        switch self {
        case .uint8, .int8: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        }
    }
}

/// A rectangle of an image, in pixels; the origin is the top left corner.
public struct PixelWindow: Sendable, Hashable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }

    func lies(within width: Int, _ height: Int) -> Bool {
        x >= 0 && y >= 0 && self.width > 0 && self.height > 0 && self.width <= width && self.height <= height
            && x <= width - self.width && y <= height - self.height
    }
}

/// Samples of a window, interleaved: `[height, width, samplesPerPixel]`, in the machine's byte order.
public struct SampleBuffer: Sendable {
    public let width: Int
    public let height: Int
    public let samplesPerPixel: Int
    public let type: SampleType
    /// `width * height * samplesPerPixel * type.byteCount` bytes.
    public let bytes: [UInt8]

    /// The samples, typed. `Element` must be the Swift type that `type` names.
    public func withSamples<Element: BitwiseCopyable, Result, Failure: Error>(
        as elementType: Element.Type, _ body: (Span<Element>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(MemoryLayout<Element>.stride == type.byteCount, "samples are \(type.rawValue)")
        return try bytes.span.withUnsafeBytes { (raw) throws(Failure) -> Result in
            try body(Span(_unsafeElements: raw.bindMemory(to: elementType)))
        }
    }
}

/// 8-bit RGB pixels of a window, interleaved: `[height, width, 3]`.
public struct RGBPixels: Sendable, Hashable {
    public let width: Int
    public let height: Int
    /// `width * height * 3` bytes.
    public let bytes: [UInt8]
}
