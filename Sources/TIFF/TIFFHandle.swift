import CTIFF
import Glibc

/// The one owner of a libtiff handle for reading.
struct TIFFHandle: ~Copyable {
    let pointer: OpaquePointer
    private let source: FileSource
    private let log = MessageLog()
    /// The offset of the directory that is loaded.
    private var loaded: UInt64?

    init(source: FileSource, limits: TIFFLimits) throws(TIFFError) {
        self.source = source
        guard let options = log.makeOpenOptions(maximumSingleAllocation: max(limits.maximumTileBytes, 1 << 20)) else {
            throw TIFFError(.inputOutput, "libtiff cannot allocate memory")
        }
        defer { TIFFOpenOptionsFree(options) }
        guard let pointer = source.openHandle(options: options) else {
            throw TIFFError(.malformed, "not a TIFF file", libraryMessages: log.take())
        }
        self.pointer = pointer
    }

    deinit { TIFFClose(pointer) }

    /// Loads the directory at `offset`; answers whether that changed anything.
    @discardableResult
    mutating func load(directoryAt offset: UInt64) throws(TIFFError) -> Bool {
        if loaded == offset { return false }
        loaded = nil
        _ = log.take()
        guard TIFFSetSubDirectory(pointer, offset) != 0 else {
            throw TIFFError(.malformed, "the directory cannot be read", libraryMessages: log.take())
        }
        _ = log.take()
        loaded = offset
        return true
    }

    /// Loads the directory again, which puts its codec back to the start.
    mutating func reload() throws(TIFFError) {
        guard let offset = loaded else { return }
        loaded = nil
        try load(directoryAt: offset)
    }

    /// Why the last call failed.
    func error(_ kind: TIFFError.Kind, _ message: String) -> TIFFError {
        TIFFError(kind, message, libraryMessages: log.take())
    }

    /// What the JPEG codec warned of in the calls since the last one of this.
    func takeJPEGWarnings() -> [String] { log.takeJPEGWarnings() }

    /// Drops messages of calls that did not fail.
    func forgetMessages() { _ = log.take() }

    func uint16(_ tag: Int32) -> UInt16? {
        var value: UInt16 = 0
        return ctiff_get_uint16(pointer, UInt32(tag), &value) == 1 ? value : nil
    }

    func uint16Defaulted(_ tag: Int32) -> UInt16? {
        var value: UInt16 = 0
        return ctiff_get_uint16_defaulted(pointer, UInt32(tag), &value) == 1 ? value : nil
    }

    func uint16PairDefaulted(_ tag: Int32) -> (UInt16, UInt16)? {
        var pair: (UInt16, UInt16) = (0, 0)
        return ctiff_get_uint16_pair_defaulted(pointer, UInt32(tag), &pair.0, &pair.1) == 1 ? pair : nil
    }

    func uint32(_ tag: Int32) -> UInt32? {
        var value: UInt32 = 0
        return ctiff_get_uint32(pointer, UInt32(tag), &value) == 1 ? value : nil
    }

    func float(_ tag: Int32) -> Float? {
        var value: Float = 0
        return ctiff_get_float(pointer, UInt32(tag), &value) == 1 ? value : nil
    }

    func double(_ tag: Int32) -> Double? {
        var value: Double = 0
        return ctiff_get_double(pointer, UInt32(tag), &value) == 1 ? value : nil
    }

    func string(_ tag: Int32) -> String? {
        var value: UnsafePointer<CChar>?
        guard ctiff_get_string(pointer, UInt32(tag), &value) == 1, let value else { return nil }
        // Whoever writes no UTF-8 writes Latin-1, such as the micro sign as one byte.
        return String(validatingCString: value)
            ?? String(
                String.UnicodeScalarView(
                    UnsafeBufferPointer(start: value, count: strlen(value)).map {
                        Unicode.Scalar(UInt8(bitPattern: $0))
                    }))
    }

    /// A tag of exactly `count` floats; nil where the file does not have it, whatever libtiff would then assume.
    func floats(_ tag: Int32, count: Int) -> [Float]? {
        var values: UnsafePointer<Float>?
        guard ctiff_get_floats(pointer, UInt32(tag), &values) == 1, let values else { return nil }
        return Array(UnsafeBufferPointer(start: values, count: count))
    }

    func uint16s(_ tag: Int32) -> [UInt16] {
        var count: UInt16 = 0
        var values: UnsafePointer<UInt16>?
        guard ctiff_get_counted_uint16s(pointer, UInt32(tag), &count, &values) == 1, let values else { return [] }
        return Array(UnsafeBufferPointer(start: values, count: Int(count)))
    }

    func uint64s(_ tag: Int32) -> [UInt64] {
        var count: UInt16 = 0
        var values: UnsafePointer<UInt64>?
        guard ctiff_get_counted_uint64s(pointer, UInt32(tag), &count, &values) == 1, let values else { return [] }
        return Array(UnsafeBufferPointer(start: values, count: Int(count)))
    }

    /// The bytes of a tag that libtiff hands out with their number, such as JPEG's tables or an ICC profile.
    func bytes(_ tag: Int32) -> [UInt8]? {
        var count: UInt32 = 0
        var values: UnsafeRawPointer?
        guard ctiff_get_counted_bytes(pointer, UInt32(tag), &count, &values) == 1, let values else { return nil }
        return Array(UnsafeRawBufferPointer(start: values, count: Int(count)))
    }

    /// The values of a tag that libtiff does not know, where they have 32 bits.
    func words(_ tag: Int32) -> [Int]? {
        guard let field = TIFFFindField(pointer, UInt32(tag), TIFF_NOTYPE), TIFFFieldDataType(field) == TIFF_LONG else {
            return nil
        }
        var count: UInt32 = 0
        var values: UnsafeRawPointer?
        guard ctiff_get_counted_bytes(pointer, UInt32(tag), &count, &values) == 1, let values else { return nil }
        return UnsafeBufferPointer(start: values.assumingMemoryBound(to: UInt32.self), count: Int(count)).map {
            Int($0)
        }
    }

    /// Red, green and blue of a palette of `count` colours, 16 bits each.
    func colourMap(count: Int) -> [[UInt16]]? {
        var red: UnsafePointer<UInt16>?
        var green: UnsafePointer<UInt16>?
        var blue: UnsafePointer<UInt16>?
        guard ctiff_get_colour_map(pointer, &red, &green, &blue) == 1, let red, let green, let blue else { return nil }
        return [red, green, blue].map { Array(UnsafeBufferPointer(start: $0, count: count)) }
    }
}
