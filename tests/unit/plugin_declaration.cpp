#include "worker/worlds/plugin/declaration.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "common/plugin_examiner.hpp"

namespace joust::worlds::plugin {
namespace {

constexpr const char* kChoices[] = {"fast", "thorough"};

// A declaration that is right, to be spoilt.
struct Sample {
  joust_parameter parameters[2] = {};
  joust_competitor_type types[2] = {};
  joust_plugin it{};

  Sample() {
    parameters[0].name = "rounds";
    parameters[0].default_value.kind = JOUST_INTEGER;
    parameters[0].default_value.integer = 5;
    parameters[0].minimum = 1;
    parameters[0].maximum = INFINITY;
    parameters[1].name = "pace";
    parameters[1].default_value.kind = JOUST_TEXT;
    parameters[1].default_value.text = {kChoices[0], 4};
    parameters[1].choices = kChoices;
    parameters[1].choice_count = 2;
    types[0].name = "Quick";
    types[1].name = "Slow";
    types[1].parameters = parameters;
    types[1].parameter_count = 1;
    it.name = "sample";
    it.min_seats = 1;
    it.default_seats = it.max_seats = 2;
    it.parameters = parameters;
    it.parameter_count = 2;
    it.competitor_types = types;
    it.competitor_type_count = 2;
  }
};

TEST_CASE("a declaration in C becomes a type of world") {
  const Sample sample;
  const WorldType type = declared_type(sample.it);
  CHECK(type.name == "sample");
  CHECK(type.summary.empty());
  CHECK(type.min_seats == 1);
  CHECK(type.default_seats == 2);
  REQUIRE(type.parameters.size() == 2);
  CHECK(std::get<std::int64_t>(type.parameters[0].default_value) == 5);
  CHECK(type.parameters[0].minimum == 1);
  CHECK(type.parameters[0].maximum == std::numeric_limits<double>::max());
  CHECK(type.parameters[1].minimum == std::numeric_limits<double>::lowest());
  CHECK(type.parameters[1].choices == std::vector<std::string>{"fast", "thorough"});
  REQUIRE(type.competitor_types.size() == 2);
  CHECK(type.competitor_types[0].parameters.empty());
  CHECK(type.competitor_types[1].parameters.front().name == "rounds");
}

TEST_CASE("a declaration that makes no sense is refused, and the text says what of it") {
  struct Spoilt {
    std::string text;  // part of it
    std::function<void(Sample&)> spoil;
  };
  const std::vector<Spoilt> cases = {
      {"a world named ''", [](Sample& s) { s.it.name = nullptr; }},
      {"a world named 'a/b'", [](Sample& s) { s.it.name = "a/b"; }},
      {"its world with a text that is not one line", [](Sample& s) { s.it.summary = "a\nb"; }},
      {"min_seats = 3, default_seats = 2", [](Sample& s) { s.it.min_seats = 3; }},
      {"max_seats = 70000", [](Sample& s) { s.it.max_seats = 70'000; }},
      {"no competitor type", [](Sample& s) { s.it.competitor_type_count = 0; }},
      {"a list of competitor types that cannot be",
       [](Sample& s) { s.it.competitor_types = nullptr; }},
      {"a list of parameters of the world that cannot be: 4000000000",
       [](Sample& s) { s.it.parameter_count = 4'000'000'000; }},
      {"a competitor type named 'Quick': names must be unique",
       [](Sample& s) { s.types[1].name = "Quick"; }},
      {"two parameters of the world named 'pace'",
       [](Sample& s) {
         s.parameters[0].name = "pace";
         s.types[1].parameter_count = 0;
       }},
      {"a parameter of the world named 'a b'", [](Sample& s) { s.parameters[0].name = "a b"; }},
      {"a parameter 'rounds' of the world of kind 77",
       [](Sample& s) { s.parameters[0].default_value.kind = 77; }},
      {"a parameter 'rounds' of the world from 9 to 2",
       [](Sample& s) {
         s.parameters[0].minimum = 9;
         s.parameters[0].maximum = 2;
       }},
      {"from nan to", [](Sample& s) { s.parameters[0].minimum = NAN; }},
      {"'rounds' of the world whose default is not among",
       [](Sample& s) { s.parameters[0].default_value.integer = 0; }},
      {"'pace' of the world whose default is not among",
       [](Sample& s) {
         s.parameters[1].default_value.text = {"slow", 4};
       }},
      {"'pace' of the world with a text of 4 bytes at null",
       [](Sample& s) {
         s.parameters[1].default_value.text = {nullptr, 4};
       }},
      {"'rounds' of the world whose default is not among",
       [](Sample& s) {
         s.parameters[0].default_value.kind = JOUST_REAL;
         s.parameters[0].default_value.real = NAN;
       }},
      {"'rounds' of the world whose default is not among",
       [](Sample& s) {
         s.parameters[0].default_value.kind = JOUST_INTEGER_RANGE;
         s.parameters[0].default_value.integer_high = 4;
       }},
  };
  for (const Spoilt& spoilt : cases) {
    CAPTURE(spoilt.text);
    Sample sample;
    spoilt.spoil(sample);
    std::string said = "nothing";
    try {
      declared_type(sample.it);
    } catch (const PluginError& error) {
      said = error.what();
    }
    CAPTURE(said);
    CHECK(said.starts_with("declares "));
    CHECK(said.find(spoilt.text) != std::string::npos);
  }
}

}  // namespace
}  // namespace joust::worlds::plugin
