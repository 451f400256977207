import TIFF

extension PlaneSeries {
    /// Grey pages of one size that are called by stains of fluorescence: by PerkinElmer's XML (QPTIFF), or their own names.
    init?(stains levels: [[TIFFDirectory]]) {
        guard let first = levels.first?.first, first.samplesPerPixel == 1 else { return nil }
        let pages = levels.map { $0[0] }.filter { $0.samplesPerPixel == 1 && $0.hasSize(of: first) }
        let channels = pages.map { page in Channel(perkinElmer: page) ?? Channel(name: page.pageName) }
        guard pages.count > 1, channels.contains(where: { $0.isFluorescent || $0.fluorophore != nil }) else {
            return nil
        }
        self.init(channels: channels.map { Channel(name: $0.name, isFluorescent: true) })
        for (channel, page) in pages.enumerated() { directories[Plane(channel: channel)] = page.index }
    }

    /// Three grey pages of one size and nothing else: red, green and blue as `tifffile`, `libvips` and others write them.
    init?(greyPages levels: [[TIFFDirectory]]) {
        guard levels.count == 3, let first = levels.first?.first else { return nil }
        let bases = levels.map { $0[0] }
        guard
            bases.allSatisfy({ base in
                base.samplesPerPixel == 1 && base.photometricInterpretation == .minIsBlack && base.bitsPerSample >= 8
                    && base.bitsPerSample == first.bitsPerSample && base.hasSize(of: first)
            })
        else { return nil }
        self.init(channels: bases.map { Channel(name: $0.pageName) })
        note = "three grey pages of one size were read as red, green and blue"
        for (channel, base) in bases.enumerated() { directories[Plane(channel: channel)] = base.index }
    }
}

extension PlaneSeries.Channel {
    /// A grey page of a QPTIFF is what one stain emits.
    fileprivate init?(perkinElmer page: TIFFDirectory) {
        guard let description = page.imageDescription, description.contains("PerkinElmer-QPI-ImageDescription") else {
            return nil
        }
        self.init(isFluorescent: true)
        var scanner = XMLTagScanner(description)
        while name == nil, let tag = scanner.next() {
            if tag.localName == "Name" { name = scanner.text() }
        }
    }
}
