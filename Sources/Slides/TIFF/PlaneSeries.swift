/// An image whose colours, focal planes or times are planes of their own, each a directory.
struct PlaneSeries {
    struct Channel: Sendable {
        var name: String?
        /// 0xRRGGBB.
        var colour: UInt32?
        var isFluorescent = false

        /// Those that are told from other words.
        static let fluorophores = [
            "DAPI", "Hoechst", "FITC", "TRITC", "CFP", "GFP", "YFP", "RFP", "mCherry", "Alexa", "Cy2", "Cy3", "Cy5",
            "Cy7",
            "Opal", "Texas",
        ]

        /// The letters and digits of the name, word by word, in lower case.
        var words: [String] {
            name?.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init) ?? []
        }

        var fluorophore: String? {
            let words = words
            return Self.fluorophores.first { words.contains($0.lowercased()) }
        }
    }

    struct Plane: Sendable, Hashable {
        var channel = 0
        var focalPlane = 0
        var time = 0
    }

    var channels: [Channel]
    var focalPlanes = 1
    var times = 1
    /// The number of each plane's directory.
    var directories: [Plane: Int] = [:]
    /// What is to be said where colours are joined that the file does not call so.
    var note: String?

    /// The planes that are analysed: one, or those of red, green and blue.
    struct Choice {
        let directories: [Int]
        let remarks: [String]
    }

    /// The middle focal plane, and the middle of a time series, in all colours of brightfield.
    ///
    /// - Parameter wanted: numbers (from 1) of the channels that are red, green and blue, where the pipeline says so.
    /// - Throws: `SlideError` of kind `unsupported` for channels that nobody can show as one picture.
    func choice(wanted: [Int]?) throws(SlideError) -> Choice {
        let order = try colours(wanted: wanted)
        var remarks: [String] = []
        if focalPlanes > 1 {
            remarks.append("of \(focalPlanes) focal planes the middle one, \(focalPlanes / 2 + 1), was analysed")
        }
        if times > 1 { remarks.append("of \(times) times the middle one, \(times / 2 + 1), was analysed") }
        if order.count > 1 {
            let numbers = order.map { String($0 + 1) }.joined(separator: ", ")
            remarks.append("\(note ?? "the colours lie in planes of their own, and were joined"): channels \(numbers)")
        }
        let chosen = order.map {
            directories[Plane(channel: $0, focalPlane: focalPlanes / 2, time: times / 2)]
        }
        guard case let found = chosen.compactMap({ $0 }), found.count == chosen.count else {
            throw SlideError(.unsupported, "a plane of the image lies in another file")
        }
        return Choice(directories: found, remarks: remarks)
    }

    /// The channels that are red, green and blue, or the only one.
    private func colours(wanted: [Int]?) throws(SlideError) -> [Int] {
        guard channels.count > 1 else { return [0] }
        if let wanted {
            guard wanted.allSatisfy({ channels.indices.contains($0 - 1) }) else {
                throw SlideError(
                    .unsupported, "the pipeline's colour.channels name a channel that the image does not have")
            }
            return wanted.map { $0 - 1 }
        }
        if channels.count == 3, !channels.contains(where: \.isFluorescent), let order = orderByName ?? orderByColour {
            return order
        }
        // Of the file's texts only the names of fluorophores, which are no patient's.
        let names = channels.compactMap(\.fluorophore).prefix(8).joined(separator: ", ")
        let listed = names.isEmpty ? "" : " (\(names))"
        throw SlideError(
            .unsupported,
            "\(channels.count) channels\(listed) are no brightfield colours; colour.channels of the pipeline may say which are red, green and blue"
        )
    }

    private static let colourNames: [Set<String>] = [["r", "red"], ["g", "green"], ["b", "blue"]]

    /// Nil where the channels are not called red, green and blue.
    private var orderByName: [Int]? {
        let names = channels.map(\.words)
        let order = Self.colourNames.compactMap { colour in names.firstIndex { !colour.isDisjoint(with: $0) } }
        return Set(order).count == 3 ? order : nil
    }

    /// By colours, or in the file's order; nil where names or colours mean something else.
    private var orderByColour: [Int]? {
        let neutral: Set<String> = ["", "c", "ch", "chan", "channel", "band", "plane", "sample"]
        let isNamed = channels.contains { channel in
            channel.words.contains { !neutral.contains($0.filter { !$0.isNumber }) }
        }
        guard !isNamed else { return nil }
        let order = [UInt32(0xFF0000), 0x00FF00, 0x0000FF].compactMap { colour in
            channels.firstIndex { $0.colour == colour }
        }
        if Set(order).count == 3 { return order }
        let told = Set(channels.compactMap(\.colour)).subtracting([0, 0xFFFFFF])
        return told.isEmpty ? [0, 1, 2] : nil
    }
}
