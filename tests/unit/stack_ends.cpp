// The ends of a stack are kept, whatever its depth.

#include "common/stack_ends.hpp"

#include <doctest/doctest.h>

namespace joust::test {

TEST_CASE("the innermost and the outermost frames are kept, at every depth") {
  using Ends = StackEnds<std::size_t>;
  for (std::size_t depth = 0; depth <= 3 * (Ends::kInner + Ends::kOuter); ++depth) {
    CAPTURE(depth);
    Ends ends;
    for (std::size_t i = 0; i < depth; ++i) ends.add(i);
    REQUIRE(ends.count() == depth);
    REQUIRE(ends.kept() == std::min(depth, Ends::kInner + Ends::kOuter));
    REQUIRE(ends.kept() + ends.left_out() == depth);
    for (std::size_t i = 0; i < ends.kept(); ++i) {
      REQUIRE(ends[i] == (i < Ends::kInner ? i : i + ends.left_out()));
    }
  }
}

}  // namespace joust::test
