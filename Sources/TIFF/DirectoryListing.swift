import CTIFF

/// Reads all directories of a file, with those that hang from them.
struct DirectoryListing {
    private static let maximumDepth = 4

    let chain: DirectoryChain
    let source: FileSource
    let limits: TIFFLimits
    private var seen: Set<UInt64>
    private var decodingCost = 0

    init(chain: DirectoryChain, source: FileSource, limits: TIFFLimits) {
        (self.chain, self.source, self.limits) = (chain, source, limits)
        seen = Set(chain.offsets)
    }

    mutating func directories(in handle: inout TIFFHandle) -> [Result<TIFFDirectory, TIFFError>] {
        var result: [Result<TIFFDirectory, TIFFError>] = []
        for (index, offset) in chain.offsets.enumerated() {
            result.append(directory(at: offset, index: index, depth: 0, in: &handle))
        }
        if let interruption = chain.interruption { result.append(.failure(interruption.at(directory: result.count))) }
        return result
    }

    private mutating func directory(
        at offset: UInt64, index: Int, depth: Int, in handle: inout TIFFHandle
    ) -> Result<TIFFDirectory, TIFFError> {
        do throws(TIFFError) {
            try accountForPayload(ofDirectoryAt: offset)
            try handle.load(directoryAt: offset)
            var directory = try TIFFDirectory(loadedIn: handle, index: index, offset: offset, limits: limits)
            let children = depth < Self.maximumDepth ? handle.uint64s(TIFFTAG_SUBIFD) : []
            directory.adoptResolutionUnit(
                chain.firstInteger(of: TIFFTAG_RESOLUTIONUNIT, inDirectoryAt: offset, of: source))
            try lookAtPieces(of: &directory, in: handle)
            checkTables(of: &directory, in: handle)
            account(for: &directory, in: handle)
            directory.isDifferencedUnknownToLibtiff =
                directory.libtiffIgnoresPredictor && directory.sampleFormat != .floatingPoint
                && chain.firstInteger(of: TIFFTAG_PREDICTOR, inDirectoryAt: offset, of: source)
                    == UInt64(PREDICTOR_HORIZONTAL)
            directory.subdirectories = subdirectories(children, index: index, depth: depth + 1, in: &handle)
            return .success(directory)
        } catch {
            return .failure(error.at(directory: index))
        }
    }

    /// What the first tile or strip that is there tells.
    private mutating func lookAtPieces(
        of directory: inout TIFFDirectory, in handle: borrowing TIFFHandle
    ) throws(TIFFError) {
        let isTiled = TIFFIsTiled(handle.pointer) != 0
        switch chain.firstPiece(isTiled: isTiled, inDirectoryAt: directory.offset, of: source) {
        case .offset(let first, let bytesRead):
            try account(for: bytesRead, "tables")
            guard [.oldJPEG, .jpeg].contains(directory.compression) else { return }
            let tables = directory.compression == .jpeg ? handle.bytes(TIFFTAG_JPEGTABLES) ?? [] : []
            directory.adopt(JPEGFrame(at: first, in: source, sharedTables: tables), limits: limits)
        case .none(let bytesRead):
            try account(for: bytesRead, "tables")
            // Of these, libtiff finds the sizes itself.
            guard directory.refusal == nil, ![.none, .oldJPEG].contains(directory.compression) else { return }
            directory.refusal = TIFFError(
                .malformed, "the file holds none of the image's tiles or strips", directory: directory.index)
        case .unknown: break
        }
    }

    /// What libtiff does not find in a table is absent to it. A file that leaves tiles out names them, and its table is whole.
    private func checkTables(of directory: inout TIFFDirectory, in handle: borrowing TIFFHandle) {
        let isTiled = TIFFIsTiled(handle.pointer) != 0
        var needed = Int(TIFFNumberOfTiles(handle.pointer))
        if !isTiled {
            // By the file itself: libtiff cuts a large strip into several.
            let told = chain.firstInteger(of: TIFFTAG_ROWSPERSTRIP, inDirectoryAt: directory.offset, of: source)
            let rows = min(max(1, told.flatMap { Int(exactly: $0) } ?? directory.height), max(1, directory.height))
            needed = (directory.height + rows - 1) / rows * (directory.isPlanar ? directory.samplesPerPixel : 1)
        }
        let named = chain.pieceCount(isTiled: isTiled, inDirectoryAt: directory.offset, of: source)
        guard directory.refusal == nil, directory.compression != .oldJPEG, let named, named < needed else {
            return
        }
        directory.refusal = TIFFError(
            .malformed, "the image is cut short: \(named) of its \(needed) \(isTiled ? "tiles" : "strips") are named",
            directory: directory.index)
    }

    /// A sub-IFD may be the first of a chain.
    private mutating func subdirectories(
        _ offsets: [UInt64], index: Int, depth: Int, in handle: inout TIFFHandle
    ) -> [Result<TIFFDirectory, TIFFError>] {
        var result: [Result<TIFFDirectory, TIFFError>] = []
        for start in offsets {
            var next = start
            while next != 0, next < UInt64(source.size), seen.count < limits.maximumDirectories,
                seen.insert(next).inserted
            {
                result.append(directory(at: next, index: index, depth: depth, in: &handle))
                next = chain.offset(following: next, in: source) ?? 0
            }
        }
        return result
    }

    /// Values that lie in the file once but are named by many tags would be read, and held, once for each.
    private mutating func accountForPayload(ofDirectoryAt offset: UInt64) throws(TIFFError) {
        let bytes = chain.payloadBytes(ofDirectoryAt: offset, in: source)
        guard bytes <= limits.maximumTagBytes else { throw TIFFError(.limit, "tags of \(bytes) bytes") }
        try account(for: bytes, "tags")
    }

    private mutating func account(for bytes: Int, _ what: String) throws(TIFFError) {
        let (sum, overflow) = decodingCost.addingReportingOverflow(bytes)
        guard !overflow, sum <= budget else { throw TIFFError(.limit, "\(what) of \(bytes) bytes") }
        decodingCost = sum
    }

    private var budget: Int { limits.decodingBudget(fileSize: source.size) }

    /// Refuses the directory with which the file, decoded, grows beyond what its size makes plausible.
    private mutating func account(for directory: inout TIFFDirectory, in handle: borrowing TIFFHandle) {
        guard directory.refusal == nil, let grid = try? ChunkGrid(directory, limits: limits) else { return }
        var (sum, overflow) = decodingCost.addingReportingOverflow(grid.decodingCost)
        // What is not there costs nothing: a biopsy alone on a large slide is no bomb.
        if !overflow, sum > budget, grid.decodingCost(ofShare: 0) <= budget {
            let share = ChunkDecoder.presentShare(in: handle)
            (sum, overflow) = decodingCost.addingReportingOverflow(grid.decodingCost(ofShare: share))
        }
        guard !overflow, sum <= budget else {
            directory.refusal = TIFFError(
                .limit,
                "the \(source.size) bytes of the file take the work of more than \(budget) to decode",
                directory: directory.index)
            return
        }
        decodingCost = sum
    }
}
