#include "common/cause.hpp"

#include <doctest/doctest.h>

using namespace joust;

TEST_CASE("every cause has a name of its own, and the name leads back to it") {
  for (std::size_t i = 0; i < kCauseNames.size(); ++i) {
    const auto cause = static_cast<Cause>(i);
    CAPTURE(cause_name(cause));
    CHECK(!cause_name(cause).empty());
    CHECK(cause_from_name(cause_name(cause)) == cause);
  }
  CHECK(cause_name(Cause::crashed) == "crashed");
  CHECK(cause_name(Cause::protocol_violation) == "protocol_violation");
  CHECK(cause_name(Cause::cancelled) == "cancelled");
  CHECK(!cause_from_name("bored"));
}
