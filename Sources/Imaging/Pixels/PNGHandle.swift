import CPNG

/// A PNG that is being read or written through libpng's simplified interface (`png_image_*`): the rest of libpng reports errors
/// through `longjmp`, which Swift cannot cross.
///
/// The structure has an address of its own because libpng keeps a pointer to it between calls.
struct PNGHandle: ~Copyable {
    private let image: UnsafeMutablePointer<png_image>

    /// Opens a file and reads its header.
    ///
    /// - Throws: `ImagingError.png`.
    init(reading path: String) throws(ImagingError) {
        self.init()
        guard png_image_begin_read_from_file(image, path) != 0 else { throw failure }
    }

    /// For a picture that is to be written.
    init(width: Int, height: Int) {
        self.init()
        image.pointee.width = png_uint_32(clamping: width)
        image.pointee.height = png_uint_32(clamping: height)
    }

    private init() {
        image = .allocate(capacity: 1)
        image.initialize(to: png_image())
        image.pointee.version = png_uint_32(PNG_IMAGE_VERSION)
    }

    deinit {
        png_image_free(image)
        image.deinitialize(count: 1)
        image.deallocate()
    }

    var width: Int { Int(image.pointee.width) }
    var height: Int { Int(image.pointee.height) }

    /// The format that holds all that the opened file has.
    var format: PNGFile.Format {
        PNGFile.Format(
            isColour: image.pointee.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0,
            is16Bit: image.pointee.format & png_uint_32(PNG_FORMAT_FLAG_LINEAR) != 0)
    }

    /// Reads all pixels. What is transparent shows `background`, an 8-bit level of all channels.
    ///
    /// - Parameter samples: as many as the format needs for the picture.
    mutating func read<Sample>(
        into samples: inout [Sample], as format: PNGFile.Format, background: UInt8
    ) throws(ImagingError) {
        image.pointee.format = format.flags
        // Without this, 16-bit files that name no gamma are taken as linear and come out far too bright in 8 bits.
        if !format.is16Bit { image.pointee.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB) }
        var colour = png_color(red: background, green: background, blue: background)
        let isRead = samples.withUnsafeMutableBytes { png_image_finish_read(image, &colour, $0.baseAddress, 0, nil) }
        guard isRead != 0 else { throw failure }
    }

    /// Writes 8-bit samples.
    mutating func write(_ samples: [UInt8], as format: PNGFile.Format, path: String) throws(ImagingError) {
        image.pointee.format = format.flags
        let isWritten = samples.withUnsafeBytes { png_image_write_to_file(image, path, 0, $0.baseAddress, 0, nil) }
        guard isWritten != 0 else { throw failure }
    }

    /// Writes indices into a palette of greys, in as few bits as it needs.
    mutating func write(_ indices: [UInt8], palette: [UInt8], path: String) throws(ImagingError) {
        image.pointee.format = png_uint_32(PNG_FORMAT_FLAG_COLORMAP)
        image.pointee.colormap_entries = png_uint_32(palette.count)
        let isWritten = indices.withUnsafeBytes { indices in
            palette.withUnsafeBytes { palette in
                png_image_write_to_file(image, path, 0, indices.baseAddress, 0, palette.baseAddress)
            }
        }
        guard isWritten != 0 else { throw failure }
    }

    private var failure: ImagingError {
        withUnsafeBytes(of: image.pointee.message) { message in
            .png(reason: String(decoding: message.prefix { $0 != 0 }, as: UTF8.self))
        }
    }
}

extension PNGFile.Format {
    fileprivate var flags: png_uint_32 {
        (isColour ? png_uint_32(PNG_FORMAT_FLAG_COLOR) : 0) | (is16Bit ? png_uint_32(PNG_FORMAT_FLAG_LINEAR) : 0)
    }
}
