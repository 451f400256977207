import Findings
import Slides

extension AnalysisRequest: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(spacing)
        try packer.add(outlines)
        try packer.add(processorSeconds)
        try packer.add(parts)
    }

    init(from unpacker: inout Unpacker) throws {
        spacing = try unpacker.next()
        outlines = try unpacker.next()
        processorSeconds = try unpacker.next()
        parts = try unpacker.next()
    }
}

extension MultifileForm: Packable {}

extension PartTable: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(form)
        try packer.add(names)
    }

    init(from unpacker: inout Unpacker) throws {
        self.init(form: try unpacker.next(), names: try unpacker.next())
    }
}

extension WorkerMessage: Packable {
    private enum Case: UInt8, Packable {
        case ready, unusable, findings, end, embeddings
    }

    func pack(into packer: inout Packer) throws {
        switch self {
        case .ready(let greeting):
            try packer.add(Case.ready)
            try packer.add(greeting)
        case .unusable(let why):
            try packer.add(Case.unusable)
            try packer.add(why)
        case .findings(let findings):
            try packer.add(Case.findings)
            try packer.add(findings)
        case .embeddings(let block):
            try packer.add(Case.embeddings)
            try packer.add(block)
        case .end(let end):
            try packer.add(Case.end)
            try packer.add(end)
        }
    }

    init(from unpacker: inout Unpacker) throws {
        self =
            switch try unpacker.next(Case.self) {
            case .ready: .ready(try unpacker.next())
            case .unusable: .unusable(try unpacker.next())
            case .findings: .findings(try unpacker.next())
            case .embeddings: .embeddings(try unpacker.next())
            case .end: .end(try unpacker.next())
            }
    }
}

extension Greeting: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(version)
        try packer.add(pipeline)
        try packer.add(confinement.rawValue)
    }

    init(from unpacker: inout Unpacker) throws {
        version = try unpacker.next()
        pipeline = try unpacker.next()
        confinement = WorkerConfinement(rawValue: try unpacker.next())
    }
}

extension AnalysisEnd: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(image)
        try packer.add(outcome)
        try packer.add(findingCount)
    }

    init(from unpacker: inout Unpacker) throws {
        image = try unpacker.next()
        outcome = try unpacker.next()
        findingCount = try unpacker.next()
    }
}
