import CDataMatrix
import CZBar
import Imaging

extension GreyImage {
    /// What the Code 128, QR and Data Matrix codes in the picture say, each once, in the order of their bytes. What is not
    /// UTF-8 is left out.
    public var codes: [String] {
        let barcodes = self.barcodes
        let found = Set(barcodes + dataMatrices(milliseconds: barcodes.isEmpty ? 3000 : 300))
        return found.compactMap { String(validating: $0, as: UTF8.self) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private var barcodes: [[UInt8]] {
        guard let scanner = zbar_image_scanner_create(), let image = zbar_image_create() else { return [] }
        defer {
            zbar_image_destroy(image)
            zbar_image_scanner_destroy(scanner)
        }
        zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0)
        for kind in [ZBAR_CODE128, ZBAR_QRCODE] { zbar_image_scanner_set_config(scanner, kind, ZBAR_CFG_ENABLE, 1) }
        // As bytes: else the library guesses an encoding, and a name in UTF-8 comes out in Big5.
        zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1)
        // "Y800", the least significant byte first: one byte of grey a pixel.
        zbar_image_set_format(image, 0x3030_3859)
        zbar_image_set_size(image, UInt32(width), UInt32(height))
        return pixels.withUnsafeBytes { bytes in
            zbar_image_set_data(image, bytes.baseAddress, UInt(bytes.count), nil)
            guard zbar_scan_image(scanner, image) > 0 else { return [] }
            var texts: [[UInt8]] = []
            var symbol = zbar_image_first_symbol(image)
            while let next = symbol {
                if let data = zbar_symbol_get_data(next) {
                    let text = UnsafeBufferPointer(start: data, count: Int(zbar_symbol_get_data_length(next)))
                    texts.append(text.map(UInt8.init(bitPattern:)))
                }
                symbol = zbar_symbol_next(next)
            }
            return texts
        }
    }

    /// Where there is none, the library looks at everything that may be an edge of one: it has three seconds, or a third of
    /// one where another code was found.
    private func dataMatrices(milliseconds: Int) -> [[UInt8]] {
        var pixels = pixels
        return pixels.withUnsafeMutableBufferPointer { buffer in
            var image = dmtxImageCreate(
                buffer.baseAddress, Int32(width), Int32(height), Int32(DmtxPack8bppK.rawValue))
            var decoder = dmtxDecodeCreate(image, 1)
            defer {
                dmtxDecodeDestroy(&decoder)
                dmtxImageDestroy(&image)
            }
            guard let decoder else { return [] }
            var timeout = dmtxTimeAdd(dmtxTimeNow(), milliseconds)
            var texts: [[UInt8]] = []
            while texts.count < 16, let region = dmtxRegionFindNext(decoder, &timeout) {
                var ended: UnsafeMutablePointer<DmtxRegion>? = region
                if let message = dmtxDecodeMatrixRegion(decoder, region, Int32(DmtxUndefined)) {
                    texts.append(
                        Array(UnsafeBufferPointer(start: message.pointee.output, count: Int(message.pointee.outputIdx)))
                    )
                    var read: UnsafeMutablePointer<DmtxMessage>? = message
                    dmtxMessageDestroy(&read)
                }
                dmtxRegionDestroy(&ended)
            }
            return texts
        }
    }
}
