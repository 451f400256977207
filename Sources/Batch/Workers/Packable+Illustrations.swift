import Findings

extension ScanIllustration: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(thumbnails)
        try packer.add(heatMaps)
    }

    init(from unpacker: inout Unpacker) throws {
        self.init(thumbnails: try unpacker.next(), heatMaps: try unpacker.next())
        guard thumbnails.count + heatMaps.count <= Self.mostParts else { throw FrameError.undecodable }
    }
}

extension Thumbnail: Packable {
    func pack(into packer: inout Packer) throws {
        for number in [image, width, height] { try packer.add(number) }
        try packer.add(jpeg)
    }

    init(from unpacker: inout Unpacker) throws {
        guard
            let thumbnail = Thumbnail(
                image: try unpacker.next(), width: try unpacker.next(), height: try unpacker.next(),
                jpeg: try unpacker.next())
        else { throw FrameError.undecodable }
        self = thumbnail
    }
}

extension HeatMap: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(image)
        try packer.add(stage)
        try packer.add(classes)
        try packer.add(columns)
        try packer.add(rows)
        try packer.add(graded)
        try packer.add(levels)
    }

    init(from unpacker: inout Unpacker) throws {
        guard
            let map = HeatMap(
                image: try unpacker.next(), stage: try unpacker.next(), classes: try unpacker.next(),
                columns: try unpacker.next(), rows: try unpacker.next(), graded: try unpacker.next(),
                levels: try unpacker.next())
        else { throw FrameError.undecodable }
        self = map
    }
}

extension Range: Packable where Bound == Int {
    func pack(into packer: inout Packer) throws {
        try packer.add(lowerBound)
        try packer.add(upperBound)
    }

    init(from unpacker: inout Unpacker) throws {
        let (start, end) = (try unpacker.next(Int.self), try unpacker.next(Int.self))
        guard start <= end else { throw FrameError.undecodable }
        self = start..<end
    }
}
