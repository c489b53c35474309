#include "worker/worlds/command/messages.hpp"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace joust::worlds::command {
namespace {

using Json = nlohmann::json;

constexpr int kProtocol = 1;

Json parameters_json(const Parameters& parameters) {
  Json json = Json::object();
  for (const auto& [name, value] : parameters.values()) {
    json[name] = Json::parse(std::get<JsonText>(value).text);
  }
  return json;
}

std::string beginning(std::string_view line) {
  constexpr std::size_t kShown = 200;
  return std::string(line.substr(0, kShown)) + (line.size() > kShown ? "..." : "");
}

[[noreturn]] void fail(const std::string& what, std::string_view line) {
  throw BadMessage(fmt::format("{}: {}", what, beginning(line)));
}

Json parse_object(std::string_view line) {
  Json message = Json::parse(line, nullptr, false);
  if (message.is_discarded()) fail("what it wrote is no JSON", line);
  if (!message.is_object()) fail("a message must be a JSON object", line);
  return message;
}

std::string type_of(const Json& message, std::string_view line) {
  const auto type = message.find("type");
  if (type == message.end() || !type->is_string()) fail("a message without a type", line);
  return type->get<std::string>();
}

// null and a missing score are NaN: joust counts and shows them.
double number_of(const Json& value, const std::string& key) {
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!value.is_number()) throw BadMessage(fmt::format("'{}' must hold numbers", key));
  return value.get<double>();
}

std::string text_of(const Json& value, const std::string& key) {
  if (!value.is_string()) throw BadMessage(fmt::format("'{}' must hold texts", key));
  return value.get<std::string>();
}

std::uint64_t whole_number(const Json& message, const std::string& key) {
  const auto value = message.find(key);
  if (value == message.end() || !value->is_number_unsigned()) {
    throw BadMessage(fmt::format("'{}' must be a whole number, not below zero", key));
  }
  return value->get<std::uint64_t>();
}

std::vector<Counter> counters_of(const Json& object, const std::string& key) {
  if (!object.is_object()) {
    throw BadMessage(fmt::format("'{}' must hold objects: name to number", key));
  }
  std::vector<Counter> counters;
  for (const auto& [name, value] : object.items()) {
    counters.push_back({name, number_of(value, key)});
  }
  return counters;
}

// The list of that key, which has one item for each seat; null where there is no such key.
const Json* seat_list(const Json& message, const std::string& key, std::size_t seats) {
  const auto list = message.find(key);
  if (list == message.end()) return nullptr;
  if (!list->is_array() || list->size() != seats) {
    throw BadMessage(
        fmt::format("'{}' must be a list with one item for each of {} seats", key, seats));
  }
  return &*list;
}

WorldResult result_of(const Json& message, const WorldSetup& setup, const WorldTask& task) {
  const std::size_t seats = task.seats.size();
  const Json* scores = seat_list(message, "scores", seats);
  if (scores == nullptr) throw BadMessage("a result without 'scores'");
  std::vector<double> numbers;
  for (const Json& score : *scores) numbers.push_back(number_of(score, "scores"));
  WorldResult result = plain_result(numbers, setup, task);
  const Json* names = seat_list(message, "names", seats);
  const Json* counters = seat_list(message, "seat_counters", seats);
  const Json* forfeits = seat_list(message, "forfeits", seats);
  for (std::size_t seat = 0; seat < seats; ++seat) {
    if (names != nullptr) result.seats[seat].agent_name = text_of((*names)[seat], "names");
    if (counters != nullptr) {
      result.seats[seat].counters = counters_of((*counters)[seat], "seat_counters");
    }
    if (forfeits != nullptr && !(*forfeits)[seat].is_null()) {
      result.seats[seat].forfeit = text_of((*forfeits)[seat], "forfeits");
    }
  }
  if (const auto own = message.find("counters"); own != message.end()) {
    result.counters = counters_of(*own, "counters");
  }
  if (const auto payload = message.find("payload"); payload != message.end()) {
    result.payload = text_of(*payload, "payload");
  }
  return result;
}

Failure failure_of(const Json& message, std::size_t seats) {
  Failure failure;
  const auto text = message.find("text");
  failure.text = text != message.end() ? text_of(*text, "text") : "no text was given";
  if (const auto seat = message.find("seat"); seat != message.end() && !seat->is_null()) {
    if (!seat->is_number_unsigned() || seat->get<std::uint64_t>() >= seats) {
      throw BadMessage(fmt::format("'seat' must be a seat, from 0 to {}", seats - 1));
    }
    failure.seat = seat->get<std::uint32_t>();
  }
  return failure;
}

}  // namespace

std::string setup_line(const WorldSetup& setup) {
  Json competitors = Json::array();
  for (const Competitor& competitor : setup.competitors) {
    competitors.push_back({{"name", competitor.name},
                           {"type", competitor.type},
                           {"parameters", parameters_json(competitor.parameters)}});
  }
  Json resources = Json::object();
  for (const ResourceFile& resource : setup.resources) resources[resource.name] = resource.path;
  const Json message = {{"type", "setup"},
                        {"protocol", kProtocol},
                        {"parameters", parameters_json(setup.parameters)},
                        {"competitors", std::move(competitors)},
                        {"seats", setup.seats},
                        {"max_message", setup.command.max_message},
                        {"resources", std::move(resources)}};
  return message.dump() + '\n';
}

std::string play_line(const WorldTask& task, AttemptNumber attempt) {
  return fmt::format(
      R"({{"type":"play","task":{},"attempt":{},"seed":{},"config_seed":{},"config":{},"set":{},)"
      R"("rotation":{},"run":{},"seats":[{}]}})"
      "\n",
      task.index, attempt, portable_seed(task.seed), portable_seed(task.config_seed), task.config,
      task.set, task.rotation, task.run, fmt::join(task.seats, ","));
}

std::string_view shutdown_line() { return "{\"type\":\"shutdown\"}\n"; }

Answer read_answer(std::string_view line, const WorldSetup& setup, const WorldTask& task) {
  const Json message = parse_object(line);
  const std::string type = type_of(message, line);
  try {
    if (type == "progress") {
      return Progress{whole_number(message, "step"), whole_number(message, "of")};
    }
    if (type == "result" || type == "error") {
      const std::uint64_t answered = whole_number(message, "task");
      if (answered != task.index) return OtherTask{answered};
    }
    if (type == "result") return result_of(message, setup, task);
    if (type == "error") return failure_of(message, task.seats.size());
  } catch (const BadMessage& error) {
    fail(error.what(), line);
  }
  fail(fmt::format("'{}' is no message that is due now", type), line);
}

bool is_progress(std::string_view line) {
  const Json message = Json::parse(line, nullptr, false);
  return message.is_object() && message.value("type", Json()) == "progress";
}

void read_ready(std::string_view line) {
  const Json message = parse_object(line);
  const std::string type = type_of(message, line);
  if (type == "error") throw BadMessage("it cannot play: " + failure_of(message, 1).text);
  if (type != "ready") fail("the first message must be 'ready'", line);
  const auto protocol = message.find("protocol");
  if (protocol == message.end() || *protocol != kProtocol) {
    fail(fmt::format("it does not speak protocol {}", kProtocol), line);
  }
}

WorldResult read_scores(std::string_view json, const WorldSetup& setup, const WorldTask& task) {
  Json message = Json::parse(json, nullptr, false);
  if (message.is_array()) message = Json{{"scores", std::move(message)}};
  if (!message.is_object()) fail("no scores in JSON", json);
  try {
    return result_of(message, setup, task);
  } catch (const BadMessage& error) {
    fail(error.what(), json);
  }
}

WorldResult plain_result(const std::vector<double>& scores, const WorldSetup& setup,
                         const WorldTask& task) {
  WorldResult result;
  result.seats.reserve(scores.size());
  for (std::size_t seat = 0; seat < scores.size(); ++seat) {
    const std::string& name = setup.competitors.at(task.seats[seat]).name;
    result.seats.push_back({fmt::format("{}@{}", name, seat), scores[seat]});
  }
  return result;
}

}  // namespace joust::worlds::command
