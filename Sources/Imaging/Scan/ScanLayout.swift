import TIFF

/// What the directories of a scan are: the images to analyse, each with its levels, and pictures of the slide around them.
public struct ScanLayout: Sendable, Hashable {
    /// Who wrote the file, as far as that tells how to read it.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        case generic
        case aperio
        case ome
    }

    /// A picture that is never analysed.
    public struct AssociatedImage: Sendable, Hashable {
        public enum Role: String, Sendable, Hashable, CaseIterable {
            case label
            case macro
            case thumbnail
            case mask
        }

        public let role: Role
        public let directory: TIFFDirectory
    }

    public let format: Format
    /// The images, in the order of the file; of a file with several pages, each page is one.
    public let pyramids: [Pyramid]
    public let associatedImages: [AssociatedImage]
    /// Directories that could not be read at all.
    public let unreadable: [TIFFError]

    public init(of directories: [Result<TIFFDirectory, TIFFError>]) {
        var readable: [TIFFDirectory] = []
        var errors: [TIFFError] = []
        for directory in directories {
            switch directory {
            case .success(let directory): readable.append(directory)
            case .failure(let error): errors.append(error)
            }
        }
        let description = readable.first?.imageDescription ?? ""
        let ome = OMEMetadata(description)
        format = AperioDescription.isAperio(description) ? .aperio : ome != nil ? .ome : .generic
        var sorter = DirectorySorter(format: format, ome: ome)
        for directory in readable { sorter.add(directory) }
        pyramids = sorter.pyramids
        associatedImages = sorter.associatedImages
        unreadable = errors
    }
}
