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
            if [.oldJPEG, .jpeg].contains(directory.compression) {
                let table = TIFFIsTiled(handle.pointer) != 0 ? TIFFTAG_TILEOFFSETS : TIFFTAG_STRIPOFFSETS
                if let first = chain.firstInteger(of: table, inDirectoryAt: offset, of: source) {
                    directory.adopt(JPEGFrame(at: first, in: source), limits: limits)
                }
            }
            account(for: &directory)
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
        let (sum, overflow) = decodingCost.addingReportingOverflow(bytes)
        guard bytes <= limits.maximumTagBytes, !overflow, sum <= budget else {
            throw TIFFError(.limit, "tags of \(bytes) bytes")
        }
        decodingCost = sum
    }

    private var budget: Int { limits.decodingBudget(fileSize: source.size) }

    /// Refuses the directory with which the file, decoded, grows beyond what its size makes plausible.
    private mutating func account(for directory: inout TIFFDirectory) {
        guard directory.refusal == nil, let grid = try? ChunkGrid(directory, limits: limits) else { return }
        let (sum, overflow) = decodingCost.addingReportingOverflow(grid.decodingCost)
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
