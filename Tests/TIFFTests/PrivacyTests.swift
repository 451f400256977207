import TIFF
import TestSupport
import Testing

/// Scanners write who the patient is into the tags of a scan. No error may repeat it.
@Suite struct PrivacyTests {
    static let secret = "DOE^JANE 19450508"

    /// Artist, description, page name, software, host, document name, and a tag that nobody knows.
    @Test(arguments: [UInt16(315), 270, 285, 305, 316, 269, 50_123], [UInt16(2), 3, 4, 5, 7, 12])
    func errorsDoNotQuoteTheTags(_ tag: UInt16, _ type: UInt16) throws {
        var handmade = HandmadeTIFF()
        handmade.pixels += Array(Self.secret.utf8)
        for count in [UInt32(Self.secret.utf8.count), 1 << 20, .max] {
            handmade.set(tag, type: type, count: count, HandmadeTIFF.pixelOffset + 64)
            for length in [handmade.bytes.count, handmade.bytes.count - 40] {
                for compression in [UInt32(1), 5, 7, 8, 34712] {
                    handmade.set(259, type: 3, compression)
                    expectNoSecret(try TemporaryFile(handmade.bytes.prefix(length)))
                }
            }
        }
    }

    private func expectNoSecret(_ file: TemporaryFile) {
        func check(_ body: () throws(TIFFError) -> Void) {
            do throws(TIFFError) { try body() } catch {
                #expect(!error.description.contains("DOE") && !error.description.contains("1945"), "\(error)")
            }
        }
        check { () throws(TIFFError) in
            let reader = try TIFFReader(path: file.path)
            for directory in reader.directories {
                check { () throws(TIFFError) in _ = try reader.statistics(of: try directory.get()) }
            }
        }
    }
}
