import Imaging
import Listings
import Slides

/// A file as a whole, for `inspect`.
struct ScanInspection {
    private let scan: any ScanFile
    private let main: Pyramid?

    init(_ scan: any ScanFile) {
        self.scan = scan
        main = try? scan.mainPyramid()
    }

    private var spacing: String {
        guard let spacing = main?.spacing, let value = spacing.micrometresPerPixel else {
            return main?.spacingComplaint.map { "unknown: \($0)" } ?? "unknown"
        }
        return "\(value.rounded(toDigits: 4)) um/px (\(spacing.source.rawValue))"
    }

    var members: [JSONValue.Member] {
        [
            .init("container", .text(scan.container)), .init("layout", .text(scan.dialect)),
            .init("images", .integer(scan.pyramids.count)),
            .init("width", .integer(main.map { Int64($0.width) })),
            .init("height", .integer(main.map { Int64($0.height) })),
            .init("levels", .integer(main.map { Int64($0.levels.count) })),
            .init("spacing_um_px", .number(main?.spacing.micrometresPerPixel)),
            .init("spacing_source", .text(main?.spacing.source.rawValue)),
        ]
    }

    /// For people, with a line feed after each line.
    var text: String {
        var lines = ["\(scan.container); \(scan.dialect) layout"]
        if let main {
            let levels = main.levels.map { "\($0.width) x \($0.height)" }.joined(separator: ", ")
            lines.append("analysed: \(levels); spacing \(spacing)")
        } else {
            lines.append("analysed: nothing; no image can be read")
        }
        if scan.pyramids.count > 1, let analysed = try? scan.analysedPyramids() {
            let sizes = analysed.map { "\($0.levels[0].image) (\($0.width) x \($0.height))" }.joined(separator: ", ")
            lines.append("images: \(scan.pyramids.count); analysed are \(sizes)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
