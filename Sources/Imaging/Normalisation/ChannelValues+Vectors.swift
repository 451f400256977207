extension ChannelValues {
    func dot(_ other: ChannelValues) -> Double {
        first * other.first + second * other.second + third * other.third
    }

    func adding(_ other: ChannelValues) -> ChannelValues {
        ChannelValues(first + other.first, second + other.second, third + other.third)
    }

    func scaled(by factor: Double) -> ChannelValues {
        ChannelValues(first * factor, second * factor, third * factor)
    }

    /// The vector of length 1 in the same direction; nil where there is no direction.
    var normalised: ChannelValues? {
        let length = dot(self).squareRoot()
        return length > 1e-9 && length.isFinite ? scaled(by: 1 / length) : nil
    }
}
