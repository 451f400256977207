import Findings
import Imaging
import TIFF

/// A file as a whole, for `inspect`.
struct ScanInspection {
    private let reader: TIFFReader
    private let layout: ScanLayout
    private let main: Pyramid?

    init(_ scan: ScanFile) {
        reader = scan.reader
        layout = scan.layout
        main = try? scan.mainPyramid()
    }

    private var container: String {
        "\(reader.isBigTIFF ? "BigTIFF" : "TIFF"), \(reader.isBigEndian ? "big" : "little")-endian"
    }

    private var spacing: String {
        guard let spacing = main?.spacing, let value = spacing.micrometresPerPixel else {
            let claims = main?.implausibleSpacings.map { "\($0.source.rawValue) says \($0.x) x \($0.y)" } ?? []
            return claims.isEmpty ? "unknown" : "unknown (\(claims.joined(separator: ", ")): not plausible)"
        }
        return "\(value.rounded(toDigits: 4)) um/px (\(spacing.source.rawValue))"
    }

    var members: [JSONValue.Member] {
        [
            .init("container", .text(container)), .init("layout", .text(layout.format.rawValue)),
            .init("images", .integer(layout.pyramids.count)),
            .init("width", .integer(main.map { Int64($0.width) })),
            .init("height", .integer(main.map { Int64($0.height) })),
            .init("levels", .integer(main.map { Int64($0.levels.count) })),
            .init("spacing_um_px", .number(main?.spacing.micrometresPerPixel)),
            .init("spacing_source", .text(main?.spacing.source.rawValue)),
        ]
    }

    /// For people, with a line feed after each line.
    var text: String {
        var lines = ["\(container); \(layout.format.rawValue) layout"]
        if let main {
            let levels = main.levels.map { "\($0.width) x \($0.height)" }.joined(separator: ", ")
            lines.append("analysed: \(levels); spacing \(spacing)")
        } else {
            lines.append("analysed: nothing; no image can be read")
        }
        if layout.pyramids.count > 1 { lines.append("images: \(layout.pyramids.count); the first is analysed") }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// One directory of a file, for `inspect`.
struct InspectedPage {
    let index: Int
    let role: String
    let directory: TIFFDirectory?
    let statistics: SampleStatistics?
    let error: TIFFError?

    /// Every top-level directory, and the levels in sub-IFDs below it.
    static func pages(of scan: ScanFile, statistics: Bool) -> [InspectedPage] {
        let roles = roles(in: scan.layout)
        return scan.reader.directories.enumerated().flatMap { index, directory -> [InspectedPage] in
            switch directory {
            case .failure(let error):
                return [InspectedPage(index: index, role: "unreadable", directory: nil, statistics: nil, error: error)]
            case .success(let directory):
                let children = statistics ? [] : directory.subdirectories.compactMap { try? $0.get() }
                return ([directory] + children).map { directory in
                    page(directory, index: index, role: roles[directory.offset] ?? "page", of: scan, statistics)
                }
            }
        }
    }

    private static func page(
        _ directory: TIFFDirectory, index: Int, role: String, of scan: ScanFile, _ wantsStatistics: Bool
    ) -> InspectedPage {
        guard wantsStatistics else {
            return InspectedPage(
                index: index, role: role, directory: directory, statistics: nil, error: directory.refusal)
        }
        do throws(TIFFError) {
            let statistics = try scan.reader.statistics(of: directory)
            return InspectedPage(index: index, role: role, directory: directory, statistics: statistics, error: nil)
        } catch {
            return InspectedPage(index: index, role: role, directory: directory, statistics: nil, error: error)
        }
    }

    /// What each directory is, by its place in the file.
    private static func roles(in layout: ScanLayout) -> [UInt64: String] {
        var roles: [UInt64: String] = [:]
        for (number, pyramid) in layout.pyramids.enumerated() {
            for (level, entry) in pyramid.levels.enumerated() {
                roles[entry.directory.offset] = "image \(number), level \(level)"
            }
        }
        for image in layout.associatedImages { roles[image.directory.offset] = image.role.rawValue }
        return roles
    }
}

extension InspectedPage: ListingRow {
    static let columns: [ListingColumn<InspectedPage>] = [
        ListingColumn("page") { .integer($0.index) },
        ListingColumn("role") { .text($0.role) },
        ListingColumn("width") { .integer($0.directory.map { Int64($0.width) }) },
        ListingColumn("height") { .integer($0.directory.map { Int64($0.height) }) },
        ListingColumn("samples") { .integer($0.directory.map { Int64($0.samplesPerPixel) }) },
        ListingColumn("format") { .text($0.directory?.summary) },
        ListingColumn("mean") { .number($0.statistics?.mean) },
        ListingColumn("std") { .number($0.statistics?.standardDeviation) },
        ListingColumn("error") { .text($0.error?.description) },
    ]
}
