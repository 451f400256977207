import TIFF

/// What ImageJ says of an image's channels: their look-up tables and labels, in tag 50839 with the sizes in tag 50838
/// (ImageJ's `TiffEncoder.writeMetaData`).
struct ImageJMetadata {
    /// The brightest colour of each channel's look-up table, 0xRRGGBB.
    private(set) var colours: [UInt32] = []
    /// Of each plane.
    private(set) var labels: [String] = []

    private static let longest = 1 << 20

    /// - Parameter sizes: of the header and of each part after it, in bytes.
    init(_ bytes: [UInt8], sizes: [Int], isBigEndian: Bool) {
        guard let header = sizes.first, header >= 12, header <= bytes.count,
            sizes.allSatisfy({ (0...Self.longest) ~= $0 })
        else { return }
        func integer(_ position: Int) -> Int {
            let word = bytes[position..<position + 4]
            return (isBigEndian ? Array(word) : word.reversed()).reduce(0) { $0 << 8 | Int($1) }
        }
        func type(_ text: String) -> Int { text.utf8.reduce(0) { $0 << 8 | Int($1) } }
        var (position, part) = (header, 1)
        for entry in stride(from: 4, through: header - 8, by: 8) {
            for _ in 0..<min(integer(entry + 4), sizes.count - part) {
                guard position + sizes[part] <= bytes.count else { return }
                let content = bytes[position..<position + sizes[part]]
                switch integer(entry) {
                case type("luts") where content.count == 768:
                    let brightest = [255, 511, 767].map { UInt32(content[position + $0]) }
                    colours.append(brightest[0] << 16 | brightest[1] << 8 | brightest[2])
                case type("labl"):
                    let units = stride(from: position, to: position + content.count - 1, by: 2).map { place in
                        let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
                        return isBigEndian ? first << 8 | second : second << 8 | first
                    }
                    labels.append(String(decoding: units, as: UTF16.self))
                default: break
                }
                position += sizes[part]
                part += 1
            }
        }
    }
}

extension PlaneSeries {
    private static let greatestCount = 100_000

    /// What ImageJ's description says: `channels`, `slices` and `frames` in this order; nil where there is one plane.
    init?(imageJ directory: TIFFDirectory, reader: TIFFReader) {
        guard let description = directory.imageDescription, description.hasPrefix("ImageJ=") else { return nil }
        func number(_ name: String) -> Int {
            let line = description.split(whereSeparator: \.isNewline).first { $0.hasPrefix(name + "=") }
            let value = line.flatMap { Int($0.dropFirst(name.count + 1)) } ?? 1
            return (1...Self.greatestCount).contains(value) ? value : 1
        }
        let count = number("channels")
        self.init(
            channels: [Channel](repeating: Channel(), count: count), focalPlanes: number("slices"),
            times: number("frames"))
        let total = count * min(focalPlanes * times, Self.greatestCount)
        guard total > 1, total <= Self.greatestCount else { return nil }
        for index in 0..<min(total, reader.directories.count) {
            let plane = Plane(
                channel: index % count, focalPlane: index / count % focalPlanes, time: index / count / focalPlanes)
            directories[plane] = directory.index + index
        }
        let bytes = (try? reader.bytes(of: .imageJMetadata, in: directory)).flatMap { $0 } ?? []
        let sizes = (try? reader.words(of: .imageJMetadataSizes, in: directory)).flatMap { $0 } ?? []
        let metadata = ImageJMetadata(bytes, sizes: sizes, isBigEndian: reader.isBigEndian)
        for (channel, colour) in metadata.colours.enumerated() where channel < count {
            channels[channel].colour = colour
        }
        for (channel, label) in metadata.labels.enumerated() where channel < count {
            // Other labels are numbers, names of files and the like.
            let labelled = Channel(name: label)
            let isColour = !Set(labelled.words).isDisjoint(with: ["red", "green", "blue"])
            if isColour || labelled.fluorophore != nil { channels[channel].name = label }
        }
    }
}
