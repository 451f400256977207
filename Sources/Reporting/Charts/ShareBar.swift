/// A share from 0 to 1 as a bar with its number beside it.
package enum ShareBar {
    package static func markup(_ share: Double, colour: String = "#0072b2") -> Markup {
        """
        <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">\
        <rect width="100" height="10" fill="#e3e5e8" /><rect width="\(min(1, max(0, share)) * 100)" height="10" fill="\(colour)" /></svg>\
        \(share.percent)
        """
    }
}
