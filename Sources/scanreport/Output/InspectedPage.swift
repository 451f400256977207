import Imaging
import Listings
import TIFF

/// One directory of a file, for `inspect`.
struct InspectedPage {
    let index: Int
    let role: Role
    let directory: TIFFDirectory?
    let statistics: SampleStatistics?
    let error: TIFFError?

    /// What a directory is in the scan.
    struct Role {
        let name: String
        /// Of the directory's own pixels, and where that was read.
        var micrometresPerPixel: Double?
        var spacingSource: Spacing.Source?

        static let unreadable = Role(name: "unreadable")
        /// A sub-IFD that is no level of an image.
        static let other = Role(name: "page")
    }

    /// Every top-level directory, and the levels in sub-IFDs below it.
    ///
    /// - Parameter statistics: whether the pixels are read. Sub-IFDs are left out then: a page is a top-level directory.
    static func pages(of scan: ScanFile, statistics: Bool) -> [InspectedPage] {
        let roles = roles(in: scan.layout)
        return scan.reader.directories.enumerated().flatMap { index, directory -> [InspectedPage] in
            switch directory {
            case .failure(let error):
                return [InspectedPage(index: index, role: .unreadable, directory: nil, statistics: nil, error: error)]
            case .success(let directory):
                let children = statistics ? [] : directory.subdirectories.compactMap { try? $0.get() }
                return ([directory] + children).map { directory in
                    page(directory, index: index, role: roles[directory.offset] ?? .other, of: scan, statistics)
                }
            }
        }
    }

    private static func page(
        _ directory: TIFFDirectory, index: Int, role: Role, of scan: ScanFile, _ wantsStatistics: Bool
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
    private static func roles(in layout: ScanLayout) -> [UInt64: Role] {
        var roles: [UInt64: Role] = [:]
        for (number, pyramid) in layout.pyramids.enumerated() {
            for (index, level) in pyramid.levels.enumerated() {
                roles[level.directory.offset] = Role(
                    name: "image \(number), level \(index)",
                    micrometresPerPixel: pyramid.spacing.micrometresPerPixel.map { $0 * level.downsample },
                    spacingSource: pyramid.spacing.source)
            }
        }
        for image in layout.associatedImages { roles[image.directory.offset] = Role(name: image.role.rawValue) }
        return roles
    }
}

extension InspectedPage: ListingRow {
    static let columns: [ListingColumn<InspectedPage>] = [
        ListingColumn("page") { .integer($0.index) },
        ListingColumn("role") { .text($0.role.name) },
        ListingColumn("width") { .integer($0.directory.map { Int64($0.width) }) },
        ListingColumn("height") { .integer($0.directory.map { Int64($0.height) }) },
        ListingColumn("samples") { .integer($0.directory.map { Int64($0.samplesPerPixel) }) },
        ListingColumn("format") { .text($0.directory?.sampleSummary) },
        ListingColumn("codec") { .text($0.directory?.compression.name) },
        ListingColumn("spacing_um_px") { .number($0.role.micrometresPerPixel) },
        ListingColumn("spacing_source") { .text($0.role.spacingSource?.rawValue) },
        ListingColumn("mean") { .number($0.statistics?.mean) },
        ListingColumn("std") { .number($0.statistics?.standardDeviation) },
        ListingColumn("error") { .text($0.error?.description) },
    ]
}
