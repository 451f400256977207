import Findings

extension Finding: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(ordinal)
        try packer.add(kind)
        try packer.add(label)
        try packer.add(confidence)
        try packer.add(rawConfidence)
        try packer.add(image)
        for side in [box.x, box.y, box.width, box.height] { try packer.add(side) }
        for coordinate in [centroid.x, centroid.y] { try packer.add(coordinate) }
        try packer.add(areaPixels)
        try packer.add(areaSquareMicrometres)
        try packer.add(probabilities)
        try packer.add(measurements)
        try packer.add(geometry)
    }

    init(from unpacker: inout Unpacker) throws {
        self.init(
            ordinal: try unpacker.next(), kind: try unpacker.next(), label: try unpacker.next(),
            confidence: try unpacker.next(), rawConfidence: try unpacker.next(), image: try unpacker.next(),
            box: Box(
                x: try unpacker.next(), y: try unpacker.next(), width: try unpacker.next(),
                height: try unpacker.next()),
            centroid: Point(x: try unpacker.next(), y: try unpacker.next()), areaPixels: try unpacker.next(),
            areaSquareMicrometres: try unpacker.next(), probabilities: try unpacker.next(),
            measurements: try unpacker.next(), geometry: try unpacker.next())
    }
}

extension Finding.ClassProbability: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(label)
        try packer.add(probability)
    }

    init(from unpacker: inout Unpacker) throws {
        self.init(label: try unpacker.next(), probability: try unpacker.next())
    }
}

extension AnalysisOutcome: Packable {
    private enum Case: UInt8, Packable {
        case done, failed
    }

    func pack(into packer: inout Packer) throws {
        switch self {
        case .done(let result):
            try packer.add(Case.done)
            try packer.add(result)
        case .failed(let failure):
            try packer.add(Case.failed)
            try packer.add(failure)
        }
    }

    init(from unpacker: inout Unpacker) throws {
        self =
            switch try unpacker.next(Case.self) {
            case .done: .done(try unpacker.next())
            case .failed: .failed(try unpacker.next())
            }
    }
}

extension AnalysisResult: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(status)
        try packer.add(remarks)
        try packer.add(quality)
        try packer.add(findings)
        try packer.add(illustration)
    }

    init(from unpacker: inout Unpacker) throws {
        self.init(
            status: try unpacker.next(), remarks: try unpacker.next(), quality: try unpacker.next(),
            findings: try unpacker.next(), illustration: try unpacker.next())
    }
}

extension AnalysisFailure: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(stage)
        try packer.add(code)
        try packer.add(message)
    }

    init(from unpacker: inout Unpacker) throws {
        self.init(stage: try unpacker.next(), code: try unpacker.next(), message: try unpacker.next())
    }
}

extension Scan.Image: Packable {
    func pack(into packer: inout Packer) throws {
        for number in [width, height, levels] { try packer.add(number) }
        try packer.add(spacing)
        try packer.add(format)
    }

    init(from unpacker: inout Unpacker) throws {
        self.init(
            width: try unpacker.next(), height: try unpacker.next(), levels: try unpacker.next(),
            spacing: try unpacker.next(), format: try unpacker.next())
    }
}

extension RecordedSpacing: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(micrometresPerPixel)
        try packer.add(source)
    }

    init(from unpacker: inout Unpacker) throws {
        let micrometresPerPixel = try unpacker.next(Double?.self)
        let source = try unpacker.next(Source.self)
        switch (micrometresPerPixel, source) {
        case (nil, .unknown): self = .unknown
        case (let value?, let source) where value > 0 && source != .unknown:
            self.init(micrometresPerPixel: value, source: source)
        default: throw FrameError.undecodable
        }
    }
}

extension FileStamp: Packable {
    func pack(into packer: inout Packer) throws {
        for number in [device, inode] { try packer.add(number) }
        for number in [size, modifiedNanoseconds, changedNanoseconds] { try packer.add(number) }
    }

    init(from unpacker: inout Unpacker) throws {
        self.init(
            device: try unpacker.next(), inode: try unpacker.next(), size: try unpacker.next(),
            modifiedNanoseconds: try unpacker.next(), changedNanoseconds: try unpacker.next())
    }
}

extension ContentHash: Packable {
    func pack(into packer: inout Packer) throws { try packer.add(hexadecimal) }

    init(from unpacker: inout Unpacker) throws {
        guard let hash = ContentHash(hexadecimal: try unpacker.next()) else { throw FrameError.undecodable }
        self = hash
    }
}

extension Finding.Kind: Packable {}
extension AnalysisResult.Status: Packable {}
extension AnalysisFailure.Stage: Packable {}
extension AnalysisFailure.Code: Packable {}
extension RecordedSpacing.Source: Packable {}
