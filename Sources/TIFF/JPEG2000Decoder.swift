import COpenJPEG

/// Decodes one JPEG 2000 image, bare or in a JP2 file, which libtiff leaves to others.
struct JPEG2000Decoder {
    let width: Int
    let height: Int
    let components: Int
    let sampleType: SampleType

    /// Writes the samples `[height, width, components]`; what the image does not cover becomes zero.
    ///
    /// - Throws: `TIFFError`, if the data is broken or is an image of other dimensions than announced: these are compared
    ///   before anything is decoded.
    func decode(_ data: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(TIFFError) {
        output.initializeMemory(as: UInt8.self, repeating: 0)
        let isFile = data.count > 8 && data[4..<8].elementsEqual("jP  ".utf8)
        let messages = Messages()
        let source = MemoryStream(data)
        // OpenJPEG holds both without counting references.
        defer { withExtendedLifetime((messages, source)) {} }
        guard let codec = opj_create_decompress(isFile ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K) else {
            throw TIFFError(.inputOutput, "OpenJPEG cannot allocate memory")
        }
        defer { opj_destroy_codec(codec) }
        opj_set_error_handler(
            codec,
            { text, messages in
                guard let text, let messages else { return }
                Unmanaged<Messages>.fromOpaque(messages).takeUnretainedValue().record(text)
            }, Unmanaged.passUnretained(messages).toOpaque())
        func failure(_ message: String) -> TIFFError {
            TIFFError(.malformed, message, libraryMessages: messages.lines)
        }
        var parameters = opj_dparameters_t()
        opj_set_default_decoder_parameters(&parameters)
        guard opj_setup_decoder(codec, &parameters) != 0, let stream = source.open() else {
            throw failure("OpenJPEG cannot be set up")
        }
        defer { opj_stream_destroy(stream) }
        var header: UnsafeMutablePointer<opj_image_t>?
        let hasHeader = opj_read_header(stream, codec, &header) != 0
        defer { opj_image_destroy(header) }
        guard hasHeader, let image = header else { throw failure("the JPEG 2000 header cannot be read") }
        try check(image.pointee)
        guard opj_decode(codec, stream, image) != 0 else { throw failure("JPEG 2000 data cannot be decoded") }
        try check(image.pointee)
        for index in 0..<components {
            try copy(image.pointee.comps[index], index: index, into: output)
        }
    }

    private func check(_ image: opj_image_t) throws(TIFFError) {
        guard image.comps != nil, Int(image.numcomps) == components, image.x1 > image.x0, image.y1 > image.y0,
            Int(image.x1 - image.x0) <= width, Int(image.y1 - image.y0) <= height
        else { throw TIFFError(.malformed, "the JPEG 2000 image is not of the tile's size") }
    }

    /// A component may be subsampled: its samples are then repeated.
    private func copy(
        _ component: opj_image_comp_t, index: Int, into output: UnsafeMutableRawBufferPointer
    ) throws(TIFFError) {
        let (stepX, stepY) = (Int(component.dx), Int(component.dy))
        let (columns, rows) = (Int(component.w), Int(component.h))
        guard let data = component.data, (1...4).contains(stepX), (1...4).contains(stepY), columns > 0, rows > 0,
            Int(component.prec) <= 8 * sampleType.byteCount
        else { throw TIFFError(.unsupported, "JPEG 2000 components of this depth or subsampling") }
        let (usedWidth, usedHeight) = (min(width, columns * stepX), min(height, rows * stepY))
        func write<Element: FixedWidthInteger>(as type: Element.Type) {
            let target = output.bindMemory(to: type)
            for y in 0..<usedHeight {
                let line = data + y / stepY * columns
                let start = y * width * components + index
                for x in 0..<usedWidth {
                    target[start + x * components] = Element(truncatingIfNeeded: line[x / stepX])
                }
            }
        }
        switch sampleType.byteCount {
        case 1: write(as: UInt8.self)
        case 2: write(as: UInt16.self)
        default: write(as: UInt32.self)
        }
    }

    private final class Messages {
        private(set) var lines: [String] = []

        func record(_ text: UnsafePointer<CChar>) {
            guard lines.count < 4 else { return }
            lines.append(String(cString: text).split(whereSeparator: \.isNewline).joined(separator: " "))
        }
    }
}

/// Memory as a stream that OpenJPEG reads.
private final class MemoryStream {
    private let data: UnsafeRawBufferPointer
    private var position = 0

    init(_ data: UnsafeRawBufferPointer) { self.data = data }

    /// The stream; it must not outlive this object.
    func open() -> UnsafeMutablePointer<opj_stream_t?>? {
        guard let stream = opj_stream_default_create(1) else { return nil }
        opj_stream_set_user_data(stream, Unmanaged.passUnretained(self).toOpaque(), nil)
        opj_stream_set_user_data_length(stream, UInt64(data.count))
        opj_stream_set_read_function(stream) { buffer, count, source in
            guard let buffer, let source else { return -1 }
            return Unmanaged<MemoryStream>.fromOpaque(source).takeUnretainedValue().read(into: buffer, count)
        }
        opj_stream_set_skip_function(stream) { count, source in
            guard let source else { return -1 }
            return Unmanaged<MemoryStream>.fromOpaque(source).takeUnretainedValue().skip(count)
        }
        opj_stream_set_seek_function(stream) { offset, source in
            guard let source else { return 0 }
            return Unmanaged<MemoryStream>.fromOpaque(source).takeUnretainedValue().seek(offset) ? 1 : 0
        }
        return stream
    }

    /// At the end, what C calls (size_t)-1.
    private func read(into buffer: UnsafeMutableRawPointer, _ count: OPJ_SIZE_T) -> OPJ_SIZE_T {
        let taken = min(Int(clamping: count), data.count - position)
        guard taken > 0, let base = data.baseAddress else { return -1 }
        buffer.copyMemory(from: base + position, byteCount: taken)
        position += taken
        return OPJ_SIZE_T(taken)
    }

    /// Answers how many bytes were skipped: OpenJPEG aborts the process if it is told more than there are.
    private func skip(_ count: Int64) -> Int64 {
        let taken = min(Int(count), data.count - position)
        guard taken > 0 else { return -1 }
        position += taken
        return Int64(taken)
    }

    private func seek(_ offset: Int64) -> Bool {
        guard offset >= 0, offset <= data.count else { return false }
        position = Int(offset)
        return true
    }
}
