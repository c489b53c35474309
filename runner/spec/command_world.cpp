#include "runner/spec/command_world.hpp"

#include <fmt/format.h>

#include <cmath>

#include "runner/spec/program.hpp"

namespace joust::spec {
namespace {

// A key that would have no effect is a mistake.
void reject_idle_keys(const Section& section, bool one_shot) {
  const std::vector<const char*> idle =
      one_shot ? std::vector<const char*>{"max_worlds_per_process", "memory_limit"}
               : std::vector<const char*>{"scores", "score_regex"};
  for (const char* key : idle) {
    const Entry* entry = section.find(key);
    if (entry == nullptr) continue;
    section.fail(entry->at, fmt::format("'{}' in {} goes with one_shot = {} only", key,
                                        section.title(), one_shot ? "false" : "true"));
  }
}

void append_json(std::string& out, const Section& section, const Node& node);

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

struct JsonAppender {
  std::string& out;
  const Section& section;
  Position at;

  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(std::int64_t value) const { out += std::to_string(value); }
  void operator()(double value) const {
    if (!std::isfinite(value))
      section.fail(at, "JSON, which it is passed on as, has no nan or inf");
    out += fmt::format("{}", value);
  }
  void operator()(const std::string& value) const { append_json_text(out, value); }
  void operator()(const DateOrTime&) const {
    section.fail(at, "JSON, which it is passed on as, has no dates: write a text in quotes");
  }
  void operator()(const Array& items) const {
    out += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out += ',';
      append_json(out, section, items[i]);
    }
    out += ']';
  }
  void operator()(const Table& entries) const {
    out += '{';
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i > 0) out += ',';
      append_json_text(out, entries[i].key);
      out += ':';
      append_json(out, section, entries[i].value);
    }
    out += '}';
  }
};

void append_json(std::string& out, const Section& section, const Node& node) {
  std::visit(JsonAppender{out, section, node.at}, node.value);
}

}  // namespace

CommandSetup load_command(const Section& section, const Parameters& workers, InputFiles& files,
                          Resolved& world) {
  const Parameters& values = world.values;
  CommandSetup setup = place_program(section, kWorldPrefix, files, world);
  setup.env_allow = workers.get<std::vector<std::string>>("env_allow");
  setup.one_shot = values.get<bool>("one_shot");
  setup.scores = values.get<std::string>("scores");
  setup.score_regex = values.get<std::string>("score_regex");
  setup.max_worlds_per_process =
      static_cast<std::uint64_t>(values.get<std::int64_t>("max_worlds_per_process"));
  setup.memory_limit = static_cast<std::uint64_t>(values.get<std::int64_t>("memory_limit"));
  setup.start_timeout = Duration(workers.get<std::int64_t>("start_timeout"));
  setup.max_message = static_cast<std::uint64_t>(workers.get<std::int64_t>("max_result"));

  reject_idle_keys(section, setup.one_shot);
  record_program(section, kWorldPrefix, setup, files, world);
  return setup;
}

Resolved read_open_parameters(const Section& section, const std::string& prefix) {
  Resolved resolved;
  for (const Entry& entry : section.table()) {
    std::string json;
    append_json(json, section, entry.value);
    resolved.keys.push_back({prefix + entry.key, json, false, true, ""});
    resolved.values.set(entry.key, JsonText{std::move(json)});
  }
  return resolved;
}

}  // namespace joust::spec
