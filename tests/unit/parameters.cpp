#include "common/parameters.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace joust {
namespace {

ParameterInfo declare(std::string name, ParameterKind kind, ParameterValue default_value = {}) {
  ParameterInfo info;
  info.name = std::move(name);
  info.kind = kind;
  info.default_value = std::move(default_value);
  return info;
}

std::string text_of(ParameterKind kind, const ParameterValue& value) {
  return to_text(declare("x", kind), value);
}

TEST_CASE("defaults fill what was not given and leave the rest") {
  Parameters parameters;
  parameters.set("rounds", std::int64_t{7});
  fill_defaults(parameters, {declare("rounds", ParameterKind::integer, std::int64_t{200}),
                             declare("noise", ParameterKind::real, 0.25)});
  CHECK(parameters.get<std::int64_t>("rounds") == 7);
  CHECK(parameters.get<double>("noise") == 0.25);
  CHECK(parameters.values().size() == 2);
}

TEST_CASE("reading a parameter that is missing or of another type is a bug, by name") {
  Parameters parameters;
  parameters.set("rounds", std::int64_t{7});
  CHECK_THROWS_WITH_AS(parameters.get<double>("rounds"),
                       "parameter 'rounds' was not declared, or not with the type it is read as",
                       std::logic_error);
  CHECK_THROWS_AS(parameters.get<bool>("noise"), std::logic_error);
}

TEST_CASE("values are written as a spec would write them") {
  CHECK(text_of(ParameterKind::boolean, true) == "true");
  CHECK(text_of(ParameterKind::integer, std::int64_t{-3}) == "-3");
  CHECK(text_of(ParameterKind::real, 0.1) == "0.1");
  CHECK(text_of(ParameterKind::real, 1.0) == "1.0");
  CHECK(text_of(ParameterKind::text, std::string("a \"b\" \\ \n\t\x01")) ==
        R"("a \"b\" \\ \n\t\u0001")");
  CHECK(text_of(ParameterKind::text_list, std::vector<std::string>{"a", "b"}) == R"(["a", "b"])");
  CHECK(text_of(ParameterKind::text_list, std::vector<std::string>{}) == "[]");
  CHECK(text_of(ParameterKind::text_list, std::vector<std::string>{""}) == R"([""])");
  CHECK(text_of(ParameterKind::integer_range, IntegerRange{50, 200}) == "[50, 200]");
  CHECK(text_of(ParameterKind::integer_range, IntegerRange{50, 50}) == "50");
  CHECK(text_of(ParameterKind::real_range, RealRange{0.2, 1}) == "[0.2, 1.0]");
  CHECK(text_of(ParameterKind::real_range, RealRange{0.5, 0.5}) == "0.5");
  CHECK(text_of(ParameterKind::duration, std::int64_t{250'000'000}) == "\"250ms\"");
  CHECK(text_of(ParameterKind::size, std::int64_t{2 << 20}) == "\"2MiB\"");
}

TEST_CASE("a file is written as the hash of its content") {
  const std::string a = text_of(ParameterKind::file, std::string("one"));
  CHECK(a.starts_with("xxh3:"));
  CHECK(a == text_of(ParameterKind::file, std::string("one")));
  CHECK(a != text_of(ParameterKind::file, std::string("two")));
  CHECK(text_of(ParameterKind::file, std::string()) == "\"\"");
}

TEST_CASE("every kind has a name for messages") {
  for (int kind = 0; kind <= static_cast<int>(ParameterKind::file); ++kind) {
    CAPTURE(kind);
    CHECK(kind_name(static_cast<ParameterKind>(kind)).size() > 5);
  }
}

}  // namespace
}  // namespace joust
