import CJPEG
import Glibc
import Slides

extension RGBImage {
    /// The picture as a baseline JPEG with 4:2:0 chroma; the same picture gives the same bytes.
    ///
    /// - Parameter quality: from 1 to 100, as libjpeg takes it.
    /// - Returns: nil where there is no memory for it, or a side is longer than JPEG knows (65,500).
    public func jpeg(quality: Int) -> [UInt8]? {
        var count = 0
        let bytes = pixels.withUnsafeBufferPointer { pixels in
            cjpeg_encode(pixels.baseAddress, UInt32(clamping: width), UInt32(clamping: height), Int32(quality), &count)
        }
        guard let bytes else { return nil }
        defer { free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// The picture after a way through a JPEG file.
    ///
    /// - Returns: nil where ``jpeg(quality:)`` has none.
    package func recompressed(quality: Int) -> RGBImage? {
        guard let bytes = jpeg(quality: quality),
            let decoded = cjpeg_decode_rgb(bytes, bytes.count, UInt32(clamping: width), UInt32(clamping: height))
        else { return nil }
        defer { free(decoded) }
        let pixels = Array(UnsafeBufferPointer(start: decoded, count: 3 * width * height))
        return RGBImage(width: width, height: height, pixels: pixels)
    }
}
