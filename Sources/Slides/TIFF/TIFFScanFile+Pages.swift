import TIFF

extension TIFFScanFile {
    /// Every top-level directory, and the levels in sub-IFDs below it; with statistics the sub-IFDs are left out: a page is a
    /// top-level directory.
    package func pages(statistics: Bool) -> [ScanPage] {
        let roles = roles()
        return reader.directories.enumerated().flatMap { index, directory -> [ScanPage] in
            switch directory {
            case .failure(let error): return [ScanPage(index: index, role: "unreadable", error: SlideError(error))]
            case .success(let directory):
                let children = statistics ? [] : directory.subdirectories.compactMap { try? $0.get() }
                return ([directory] + children).map { directory in
                    // A sub-IFD may be no level of an image.
                    page(directory, index: index, role: roles[directory.offset] ?? Role(name: "page"), statistics)
                }
            }
        }
    }

    private func page(_ directory: TIFFDirectory, index: Int, role: Role, _ wantsStatistics: Bool) -> ScanPage {
        var page = ScanPage(index: index, role: role.name)
        page.width = directory.width
        page.height = directory.height
        page.samplesPerPixel = directory.samplesPerPixel
        page.samples = directory.sampleSummary
        page.codec = directory.compression.name
        page.micrometresPerPixel = role.micrometresPerPixel
        page.spacingSource = role.spacingSource
        guard wantsStatistics else {
            page.error = directory.refusal.map { SlideError($0) }
            return page
        }
        do throws(TIFFError) {
            let statistics = try reader.statistics(of: directory)
            page.mean = statistics.mean
            page.standardDeviation = statistics.standardDeviation
        } catch {
            page.error = SlideError(error)
        }
        return page
    }

    /// What a directory is in the scan.
    private struct Role {
        let name: String
        var micrometresPerPixel: Double?
        var spacingSource: Spacing.Source?
    }

    /// By the directories' places in the file.
    private func roles() -> [UInt64: Role] {
        var roles: [UInt64: Role] = [:]
        for pyramid in layout.pyramids {
            for level in pyramid.levels {
                roles[directory(of: level).offset] = Role(
                    name: "image \(level.image), level \(level.number)",
                    micrometresPerPixel: pyramid.spacing.micrometresPerPixel.map { $0 * level.downsample },
                    spacingSource: pyramid.spacing.source)
            }
        }
        for (image, directory) in zip(layout.associatedImages, layout.associatedDirectories) {
            roles[directory.offset] = Role(name: image.role.rawValue)
        }
        return roles
    }
}
