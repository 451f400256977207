import CJPEG
import Glibc

extension GreyImage {
    /// The brightness of a JPEG.
    ///
    /// - Returns: nil for what is no JPEG of exactly these sides, or damaged.
    public init?(jpeg: some Sequence<UInt8>, width: Int, height: Int) {
        let bytes = Array(jpeg)
        let pixels = bytes.withUnsafeBufferPointer {
            cjpeg_decode_grey($0.baseAddress, $0.count, UInt32(clamping: width), UInt32(clamping: height))
        }
        guard let pixels, width > 0, height > 0 else { return nil }
        defer { free(pixels) }
        self.init(
            width: width, height: height, pixels: Array(UnsafeBufferPointer(start: pixels, count: width * height)))
    }
}
