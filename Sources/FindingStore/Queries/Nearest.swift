/// The so many most similar of all that were offered: by falling similarity, then in the order in which they came.
struct Nearest<Element> {
    private let limit: Int
    private(set) var elements: [(similarity: Float, element: Element)] = []

    /// - Precondition: a positive limit.
    init(limit: Int) {
        precondition(limit > 0, "the nearest of none")
        self.limit = limit
    }

    /// - Parameter element: asked for only where it is among the nearest.
    mutating func offer(_ similarity: Float, _ element: @autoclosure () -> Element) {
        if elements.count == limit, let last = elements.last, similarity <= last.similarity { return }
        var (low, high) = (0, elements.count)
        while low < high {
            let middle = (low + high) / 2
            if elements[middle].similarity >= similarity { low = middle + 1 } else { high = middle }
        }
        if elements.count == limit { elements.removeLast() }
        elements.insert((similarity, element()), at: low)
    }
}
