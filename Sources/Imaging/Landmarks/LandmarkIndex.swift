/// Pictures by their landmarks, sorted by what those look like, so that not all have to be held against all.
///
/// A picture's landmarks vote for the pictures that have one alike among those of the same word; whatever has some votes is
/// compared as a whole. Words are landmarks of the pictures themselves (as visual words are, Sivic and Zisserman, "Video Google", ICCV 2003).
struct LandmarkIndex: Sendable {
    let pictures: [Landmarks]
    private let words: [Int8]
    private let entries: [[Entry]]

    private struct Entry {
        let picture: Int32
        let landmark: Int32
    }

    /// How many landmarks must have one alike, of the hundred that copies share.
    private static let leastVotes = 6

    init(_ pictures: [Landmarks], threads: Int) {
        self.pictures = pictures
        let all = pictures.indices.flatMap { picture in
            (0..<pictures[picture].count).map { Entry(picture: Int32(picture), landmark: Int32($0)) }
        }
        // As many words as make the search for a word as long as that in its list.
        let count = max(1, Int(Double(all.count).squareRoot()))
        let words = (0..<min(count, all.count)).flatMap { word -> ArraySlice<Int8> in
            let entry = all[word * all.count / count]
            return pictures[Int(entry.picture)].descriptor(Int(entry.landmark))
        }
        self.words = words
        let found = concurrentMap(pictures.count, threads: threads) { picture in
            (0..<pictures[picture].count).map { Self.word(of: pictures[picture], $0, words) }
        }
        var entries = [[Entry]](repeating: [], count: max(1, words.count / Landmarks.dimension))
        for entry in all { entries[found[Int(entry.picture)][Int(entry.landmark)]].append(entry) }
        self.entries = entries
    }

    /// The pictures before this one that may show the same, in their order.
    ///
    /// - Parameter landmarks: the picture's, or those of its mirror image.
    func candidates(for landmarks: Landmarks, before picture: Int) -> [Int] {
        var votes: [Int32: Int] = [:]
        for landmark in 0..<landmarks.count {
            var voted: Set<Int32> = []
            for entry in entries[Self.word(of: landmarks, landmark, words)] {
                // Entries lie in the pictures' order.
                if entry.picture >= picture { break }
                let other = pictures[Int(entry.picture)]
                if other.product(Int(entry.landmark), landmarks, landmark) >= Landmarks.leastProduct {
                    voted.insert(entry.picture)
                }
            }
            for picture in voted { votes[picture, default: 0] += 1 }
        }
        return votes.filter { $0.value >= Self.leastVotes }.keys.map(Int.init).sorted()
    }

    private static func word(of landmarks: Landmarks, _ landmark: Int, _ words: [Int8]) -> Int {
        let count = words.count / Landmarks.dimension
        return landmarks.descriptors.withUnsafeBufferPointer { own in
            words.withUnsafeBufferPointer { words in
                guard let own = own.baseAddress, let words = words.baseAddress else { return 0 }
                var best: (product: Int32, word: Int) = (-1, 0)
                for word in 0..<count {
                    let product = Landmarks.product(
                        words + word * Landmarks.dimension, own + landmark * Landmarks.dimension)
                    if product > best.product { best = (product, word) }
                }
                return best.word
            }
        }
    }
}
