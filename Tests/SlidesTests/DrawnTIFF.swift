import Foundation
import Slides
import TIFF
import TestSupport

/// TIFF files of pages of one value each, drawn for a test and opened as scans.
enum DrawnTIFF {
    struct Page {
        var layout: TIFFPageLayout
        /// Of a pixel.
        var samples: [UInt8]

        init(_ width: Int, _ height: Int, _ samples: [UInt8], _ change: (inout TIFFPageLayout) -> Void = { _ in }) {
            layout = TIFFPageLayout(width: width, height: height, samplesPerPixel: samples.count)
            self.samples = samples
            change(&layout)
        }
    }

    /// A tag that the writer does not know: it takes the place of one that it wrote.
    struct Tag {
        var number: Int
        var instead: Int
        var type = 7
        var count: Int
        var bytes: [UInt8]

        /// An ICC profile.
        static func profile(_ bytes: [UInt8]) -> Tag {
            Tag(number: 34675, instead: 305, count: bytes.count, bytes: bytes)
        }
    }

    /// - Parameters:
    ///   - patches: bytes of the file that become others, such as those of another encoding.
    ///   - tags: of the first page, whose resolution and Software they take the place of.
    static func scan(
        _ pages: [Page], patches: [(UInt8, UInt8)] = [], tags: [Tag] = [], limits: ReadingLimits = .default
    ) throws -> any ScanFile {
        let file = TemporaryFile()
        let path = file.path
        defer { withExtendedLifetime(file) {} }
        var pages = pages
        if !tags.isEmpty {
            pages[0].layout.software = "software"
            pages[0].layout.resolution = TIFFResolution(x: 1, y: 1, unit: .none)
        }
        var writer = try TIFFWriter(path: path)
        for page in pages {
            try writer.beginPage(page.layout)
            let row = (0..<page.layout.width).flatMap { _ in page.samples }
            for _ in 0..<page.layout.height { try writer.writeRows(row) }
        }
        try writer.finish()
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        for (index, byte) in bytes.enumerated() {
            if let patch = patches.first(where: { $0.0 == byte }) { bytes[index] = patch.1 }
        }
        for tag in tags { embed(tag, inDirectory: 0, of: &bytes) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try ScanFormats.standard.open(path: path, limits: limits)
    }

    /// - Parameter number: of the directory, in the order of the file; tags that are out of order are read all the same.
    static func embed(_ tag: Tag, inDirectory number: Int, of bytes: inout [UInt8]) {
        func integer(_ position: Int, _ count: Int) -> Int {
            (0..<count).reversed().reduce(0) { $0 << 8 | Int(bytes[position + $1]) }
        }
        var directory = integer(4, 4)
        for _ in 0..<number { directory = integer(directory + 2 + 12 * integer(directory, 2), 4) }
        let entries = (0..<integer(directory, 2)).map { directory + 2 + 12 * $0 }
        guard let entry = entries.first(where: { integer($0, 2) == tag.instead }) else { return }
        for (position, value, count) in [(0, tag.number, 2), (2, tag.type, 2), (4, tag.count, 4), (8, bytes.count, 4)] {
            for index in 0..<count { bytes[entry + position + index] = UInt8(value >> (8 * index) & 255) }
        }
        bytes += tag.bytes
    }
}

extension ScanFile {
    /// The first pixel of what is analysed.
    func firstPixel() throws -> [UInt8] {
        try pixels(of: try mainPyramid().levels[0]).pixels(in: PixelWindow(x: 0, y: 0, width: 1, height: 1)).pixels
    }
}
