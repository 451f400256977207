import TIFF

/// One image of a TIFF file and the directories that hold it.
struct TIFFImage {
    /// Of each resolution, the full one first: one directory, or those of red, green and blue.
    let levels: [[TIFFDirectory]]
    let ome: OMEMetadata.Image?
    var remarks: [String] = []
    var refusal: SlideError?
    /// The first page of a series of planes, where ImageJ and others tell what holds for all of them.
    var seriesStart: TIFFDirectory?

    var base: TIFFDirectory { levels[0][0] }
    /// What tells the spacing and the colour profile.
    var describing: TIFFDirectory { seriesStart ?? base }
}

extension TIFFImage {
    /// The images of a file: what the sorter found, but planes that belong together as one.
    static func images(
        of levels: [[TIFFDirectory]], ome: OMEMetadata?, colour: ColourReading, reader: TIFFReader
    ) -> [TIFFImage] {
        if let refusal = ome?.refusal {
            return levels.map { TIFFImage(levels: $0.map { [$0] }, ome: nil, refusal: refusal) }
        }
        var images: [TIFFImage] = []
        var taken: Set<Int> = []
        var omeSeries: [Int: PlaneSeries] = [:]
        let numbers = Dictionary(levels.indices.map { (levels[$0][0].index, $0) }) { first, _ in first }
        for (number, own) in levels.enumerated() where !taken.contains(number) {
            let base = own[0]
            let omeNumber = ome?.number(of: base)
            let image = omeNumber.flatMap { ome?.images[$0] }
            var series = omeNumber.flatMap { omeSeries[$0] }
            if series == nil {
                series = image?.series(
                    samples: max(1, min(base.samplesPerPixel, 3)), directories: reader.directories.count)
                if let omeNumber { omeSeries[omeNumber] = series }
            }
            series =
                series ?? PlaneSeries(imageJ: base, reader: reader) ?? PlaneSeries(stains: levels)
                ?? PlaneSeries(greyPages: levels)
            let members = series.map { Set($0.directories.values).compactMap { numbers[$0] }.sorted() }
            guard let series, let members, members.contains(number), members.count > 1 || series.channels.count > 1
            else {
                // ImageJ writes large stacks as one directory and the planes behind it.
                let planes = series.map { $0.focalPlanes * $0.times } ?? 1
                let remark = "of \(planes) focal planes or times only one can be read, and was analysed"
                images.append(TIFFImage(levels: own.map { [$0] }, ome: image, remarks: planes > 1 ? [remark] : []))
                continue
            }
            taken.formUnion(members)
            images.append(joined(series, of: members.map { levels[$0] }, image, colour))
        }
        return images
    }

    private static func joined(
        _ series: PlaneSeries, of members: [[TIFFDirectory]], _ image: OMEMetadata.Image?, _ colour: ColourReading
    ) -> TIFFImage {
        do throws(SlideError) {
            let choice = try series.choice(wanted: colour.channels)
            let planes = choice.directories.compactMap { index in members.first { $0[0].index == index } }
            guard planes.count == choice.directories.count, let first = planes.first else {
                throw SlideError(.unsupported, "a plane of the image lies in another file, or cannot be read")
            }
            guard planes.allSatisfy({ $0[0].hasSize(of: first[0]) }),
                planes.count == 1 || planes.allSatisfy({ $0[0].samplesPerPixel == 1 })
            else { throw SlideError(.unsupported, "the planes of the image's colours do not fit each other") }
            let levels = first.indices.prefix { level in
                planes.allSatisfy { $0.indices.contains(level) && $0[level].hasSize(of: first[level]) }
            }
            return TIFFImage(
                levels: levels.map { level in planes.map { $0[level] } }, ome: image, remarks: choice.remarks,
                refusal: planes.lazy.compactMap { $0[0].refusal }.first.map { SlideError($0) },
                seriesStart: members[0][0])
        } catch {
            return TIFFImage(levels: [[members[0][0]]], ome: image, refusal: error)
        }
    }
}

extension TIFFDirectory {
    func hasSize(of other: TIFFDirectory) -> Bool {
        displayedWidth == other.displayedWidth && displayedHeight == other.displayedHeight
    }
}
