import COpenSlide
import TIFF

/// OpenSlide's handle of one slide, with the descriptors that it reads through. For one task at a time.
struct OpenSlideHandle: ~Copyable {
    private let slide: OpaquePointer
    private let files: NamedFiles

    /// Whose file it is, such as `hamamatsu`; nil for one that OpenSlide does not know.
    static func vendor(of files: ScanFiles) -> String? {
        MessageLog.silenceOfOthers
        guard let files = try? NamedFiles(files) else { return nil }
        return openslide_detect_vendor(files.path).map { String(cString: $0) }
    }

    init(_ scanFiles: ScanFiles) throws(SlideError) {
        let files = try NamedFiles(scanFiles)
        guard let slide = openslide_open(files.path) else {
            throw SlideError(.malformed, "OpenSlide does not recognise the file")
        }
        if openslide_get_error(slide) != nil {
            openslide_close(slide)
            throw SlideError(.malformed, "OpenSlide recognises the file, but cannot open it")
        }
        self.slide = slide
        self.files = files
    }

    deinit { openslide_close(slide) }

    func property(_ name: String) -> String? {
        openslide_get_property_value(slide, name).map { String(cString: $0) }
    }

    var levelCount: Int32 { openslide_get_level_count(slide) }

    func size(ofLevel level: Int32) -> (width: Int, height: Int) {
        var (width, height): (Int64, Int64) = (0, 0)
        openslide_get_level_dimensions(slide, level, &width, &height)
        return (Int(width), Int(height))
    }

    func downsample(ofLevel level: Int32) -> Double { openslide_get_level_downsample(slide, level) }

    /// Premultiplied ARGB, `[height, width]`.
    ///
    /// - Parameters:
    ///   - x: of the left column, in pixels of level 0.
    ///   - y: of the upper row, likewise.
    func pixels(level: Int32, x: Int, y: Int, width: Int, height: Int) throws(SlideError) -> [UInt32] {
        let pixels = [UInt32](unsafeUninitializedCapacity: width * height) { buffer, initialized in
            openslide_read_region(
                slide, buffer.baseAddress, Int64(x), Int64(y), level, Int64(width), Int64(height))
            initialized = width * height
        }
        try check()
        return pixels
    }

    var associatedImageNames: [String] {
        var names: [String] = []
        var next = openslide_get_associated_image_names(slide)
        while let list = next, let name = list.pointee {
            names.append(String(cString: name))
            next = list + 1
        }
        return names
    }

    func size(ofAssociatedImage name: String) -> (width: Int, height: Int) {
        var (width, height): (Int64, Int64) = (0, 0)
        openslide_get_associated_image_dimensions(slide, name, &width, &height)
        return (Int(width), Int(height))
    }

    /// Likewise, `[height, width]`.
    func pixels(ofAssociatedImage name: String) throws(SlideError) -> [UInt32] {
        let (width, height) = size(ofAssociatedImage: name)
        guard width > 0, height > 0 else { throw SlideError(.malformed, "the \(name) image has no size") }
        let pixels = [UInt32](unsafeUninitializedCapacity: width * height) { buffer, initialized in
            openslide_read_associated_image(slide, name, buffer.baseAddress)
            initialized = width * height
        }
        try check()
        return pixels
    }

    /// After a failure, every call fails and no pixel counts. What OpenSlide says of it may quote paths and texts of the file.
    private func check() throws(SlideError) {
        if openslide_get_error(slide) != nil {
            throw SlideError(.malformed, "OpenSlide cannot read the pixels: the file is damaged")
        }
    }
}
