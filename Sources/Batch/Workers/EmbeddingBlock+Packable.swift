import Findings

extension EmbeddingBlock: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(stage)
        try packer.add(space)
        try packer.add(unit)
        try packer.add(image)
        try packer.add(dimension)
        try packer.add(places)
        try packer.add(vectors)
    }

    init(from unpacker: inout Unpacker) throws {
        let block = EmbeddingBlock(
            stage: try unpacker.next(), space: try unpacker.next(), unit: try unpacker.next(),
            image: try unpacker.next(),
            dimension: try unpacker.next(), places: try unpacker.next(), vectors: try unpacker.next())
        guard let block else { throw FrameError.undecodable }
        self = block
    }
}

extension EmbeddingBlock.Unit: Packable {}

extension EmbeddingBlock.Place: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(ordinal)
        for side in [box.x, box.y, box.width, box.height] { try packer.add(side) }
    }

    init(from unpacker: inout Unpacker) throws {
        self.init(
            ordinal: try unpacker.next(),
            box: Finding.Box(
                x: try unpacker.next(), y: try unpacker.next(), width: try unpacker.next(),
                height: try unpacker.next()))
    }
}
