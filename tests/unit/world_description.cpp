#include "common/world_description.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "common/world_registry.hpp"
#include "tests/support/spec_files.hpp"

namespace joust {
namespace {

void check_same(const std::vector<ParameterInfo>& a, const std::vector<ParameterInfo>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CAPTURE(a[i].name);
    CHECK(a[i].name == b[i].name);
    CHECK(a[i].kind == b[i].kind);
    CHECK(a[i].default_value == b[i].default_value);
    CHECK(a[i].unit == b[i].unit);
    CHECK(a[i].summary == b[i].summary);
    CHECK(a[i].minimum == b[i].minimum);
    CHECK(a[i].maximum == b[i].maximum);
    CHECK(a[i].choices == b[i].choices);
  }
}

void check_same(const WorldType& a, const WorldType& b) {
  CHECK(a.name == b.name);
  CHECK(a.summary == b.summary);
  CHECK(a.min_seats == b.min_seats);
  CHECK(a.max_seats == b.max_seats);
  CHECK(a.default_seats == b.default_seats);
  check_same(a.parameters, b.parameters);
  REQUIRE(a.competitor_types.size() == b.competitor_types.size());
  for (std::size_t i = 0; i < a.competitor_types.size(); ++i) {
    CHECK(a.competitor_types[i].name == b.competitor_types[i].name);
    CHECK(a.competitor_types[i].summary == b.competitor_types[i].summary);
    check_same(a.competitor_types[i].parameters, b.competitor_types[i].parameters);
  }
}

TEST_CASE("what any world declares reads back as it was written, every kind included") {
  const WorldRegistry probes = test::probe_worlds();
  const WorldRegistry builtin = builtin_worlds();
  for (const WorldRegistry* worlds : {&probes, &builtin}) {
    for (const auto& type : worlds->types()) {
      CAPTURE(type->name);
      check_same(decode_world_type(encode_world_type(*type)), *type);
    }
  }
}

TEST_CASE("so does what a library of agents declares, which is no world") {
  const WorldType probe = *test::probe_worlds().types().front();
  const std::string text = encode_agent_types(probe.competitor_types);
  WorldType read = probe;
  read.competitor_types = decode_agent_types(text);
  check_same(read, probe);
  CHECK(describes_agents(text));
  CHECK_FALSE(describes_agents(encode_world_type(probe)));
  CHECK_FALSE(describes_agents("no JSON"));
  CHECK_THROWS_AS(decode_world_type(text), std::runtime_error);
  CHECK_THROWS_AS(decode_agent_types(encode_world_type(probe)), std::runtime_error);
  for (std::size_t size = 0; size < text.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(decode_agent_types(text.substr(0, size)), std::runtime_error);
  }
}

TEST_CASE("a text that is not UTF-8 cannot be told") {
  WorldType type;
  type.summary = "\xFF";
  CHECK_THROWS_WITH(encode_world_type(type), "a text of its declaration is not UTF-8");
}

TEST_CASE("a line that declares no world is refused, wherever it is cut") {
  const std::string text = encode_world_type(*test::probe_worlds().types().front());
  for (std::size_t size = 0; size < text.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(decode_world_type(text.substr(0, size)), std::runtime_error);
  }
  CHECK_THROWS_AS(decode_world_type("{}"), std::runtime_error);
  std::string other = text;
  other.replace(other.find("\"kind\":"), 8, "\"kind\":99");
  CHECK_THROWS_AS(decode_world_type(other), std::runtime_error);
}

}  // namespace
}  // namespace joust
