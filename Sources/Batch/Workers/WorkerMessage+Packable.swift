import Findings

extension BatchMessage: Packable {
    private enum Case: UInt8, Packable {
        case open, analyse, skip
    }

    func pack(into packer: inout Packer) throws(FrameError) {
        switch self {
        case .open(let request):
            try packer.add(Case.open)
            try packer.add(request)
        case .analyse: try packer.add(Case.analyse)
        case .skip: try packer.add(Case.skip)
        }
    }

    init(from unpacker: inout Unpacker) throws(FrameError) {
        self =
            switch try unpacker.next(Case.self) {
            case .open: .open(try unpacker.next())
            case .analyse: .analyse
            case .skip: .skip
            }
    }
}

extension OpenRequest: Packable {
    func pack(into packer: inout Packer) throws(FrameError) {
        try packer.add(spacing)
        try packer.add(processorSeconds)
    }

    init(from unpacker: inout Unpacker) throws(FrameError) {
        spacing = try unpacker.next()
        processorSeconds = try unpacker.next()
    }
}

extension WorkerMessage: Packable {
    private enum Case: UInt8, Packable {
        case ready, unusable, opened, refused, findings, end
    }

    func pack(into packer: inout Packer) throws(FrameError) {
        switch self {
        case .ready(let greeting):
            try packer.add(Case.ready)
            try packer.add(greeting)
        case .unusable(let why):
            try packer.add(Case.unusable)
            try packer.add(why)
        case .opened(let file):
            try packer.add(Case.opened)
            try packer.add(file)
        case .refused(let failure):
            try packer.add(Case.refused)
            try packer.add(failure)
        case .findings(let findings):
            try packer.add(Case.findings)
            try packer.add(findings)
        case .end(let end):
            try packer.add(Case.end)
            try packer.add(end)
        }
    }

    init(from unpacker: inout Unpacker) throws(FrameError) {
        self =
            switch try unpacker.next(Case.self) {
            case .ready: .ready(try unpacker.next())
            case .unusable: .unusable(try unpacker.next())
            case .opened: .opened(try unpacker.next())
            case .refused: .refused(try unpacker.next())
            case .findings: .findings(try unpacker.next())
            case .end: .end(try unpacker.next())
            }
    }
}

extension Greeting: Packable {
    func pack(into packer: inout Packer) throws(FrameError) {
        try packer.add(version)
        try packer.add(pipeline)
    }

    init(from unpacker: inout Unpacker) throws(FrameError) {
        version = try unpacker.next()
        pipeline = try unpacker.next()
    }
}

extension OpenedFile: Packable {
    func pack(into packer: inout Packer) throws(FrameError) {
        try packer.add(stamp)
        try packer.add(sha256)
    }

    init(from unpacker: inout Unpacker) throws(FrameError) {
        stamp = try unpacker.next()
        sha256 = try unpacker.next()
    }
}

extension AnalysisEnd: Packable {
    func pack(into packer: inout Packer) throws(FrameError) {
        try packer.add(image)
        try packer.add(outcome)
        try packer.add(findingCount)
    }

    init(from unpacker: inout Unpacker) throws(FrameError) {
        image = try unpacker.next()
        outcome = try unpacker.next()
        findingCount = try unpacker.next()
    }
}
