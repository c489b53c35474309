#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "common/hash.hpp"
#include "runner/scoring/tables.hpp"

namespace joust::scoring {
namespace {

using Json = nlohmann::ordered_json;

// Longer texts are the content of files that a spec names; they are shown by their hash.
constexpr std::size_t kLongestText = 256;

template <class Range>
Json constant_or_pair(const Range& range) {
  if (range.low == range.high) return range.low;
  return Json::array({range.low, range.high});
}

struct ToJson {
  Json operator()(const JsonText& value) const { return Json::parse(value.text); }
  Json operator()(const std::string& text) const {
    return text.size() > kLongestText ? "xxh3:" + hash_hex(text) : text;
  }
  Json operator()(const IntegerRange& range) const { return constant_or_pair(range); }
  Json operator()(const RealRange& range) const { return constant_or_pair(range); }
  Json operator()(bool plain) const { return plain; }
  Json operator()(std::int64_t plain) const { return plain; }
  Json operator()(double plain) const { return plain; }
  Json operator()(const std::vector<std::string>& plain) const { return plain; }
};

Json to_json(const ParameterValue& value) { return std::visit(ToJson{}, value); }

Json to_json(const Parameters& parameters) {
  Json object = Json::object();
  for (const auto& [name, value] : parameters.values()) object[name] = to_json(value);
  return object;
}

}  // namespace

std::string params_json(const Tournament& tournament, const Plan& plan) {
  const WorldSetup& setup = tournament.setup;
  const PlanShape& shape = plan.shape();
  Json competitor_types = Json::array();
  Json competitor_params = Json::array();
  for (const Competitor& competitor : setup.competitors) {
    competitor_types.push_back(competitor.type);
    competitor_params.push_back(to_json(competitor.parameters));
  }
  Json json;
  json["name"] = tournament.name;
  json["competitors"] = agent_types(setup.competitors);
  json["competitor_params"] = std::move(competitor_params);
  json["non_competitors"] = Json::array();
  json["n_configs"] = shape.configs;
  json["n_world_per_config"] = shape.per_world;
  json["n_runs_per_world"] = shape.runs;
  json["n_worlds"] = plan.worlds();
  json["n_competitors_per_world"] = shape.per_world;
  json["n_agents_per_competitor"] = 1;
  for (const char* name : {"n_steps", "n_processes", "min_factories_per_level"}) {
    const auto found = setup.parameters.values().find(name);
    json[name] = found == setup.parameters.values().end() ? Json() : to_json(found->second);
  }
  json["oneshot_world"] = setup.world == "scml-oneshot";
  json["std_world"] = setup.world == "scml-std";
  json["world_generator_name"] = setup.world;
  json["score_calculator_name"] = setup.world;
  // of the pool, and so not what it was: the file must not depend on it
  json["parallelism"] = "parallel";
  json["total_timeout"] = nullptr;
  json["competitor_types"] = std::move(competitor_types);
  json["world_params"] = to_json(setup.parameters);
  json["metric"] = metric_name(tournament.metric);
  json["seed"] = shape.seed;
  // bytes that are no UTF-8 would make dump() throw
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace joust::scoring
