#include "runner/spec/section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "common/whole_file.hpp"
#include "runner/spec/values.hpp"

namespace joust::spec {
namespace {

const Table& no_table() {
  static const Table empty;
  return empty;
}

template <class Range>
bool is_reversed(const ParameterValue& value) {
  const auto* range = std::get_if<Range>(&value);
  return range != nullptr && range->low > range->high;
}

}  // namespace

std::string read_file(const std::filesystem::path& file) {
  constexpr std::size_t kLargest = 16 << 20;
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) throw std::runtime_error("no such file");
  if (std::filesystem::is_directory(status)) throw std::runtime_error("it is a folder");
  std::optional<std::string> content = read_whole_file(file, kLargest);
  if (!content && errno == EFBIG) throw std::runtime_error("it is larger than 16MiB");
  if (!content) throw std::runtime_error(std::generic_category().message(errno));
  return std::move(*content);
}

void override_key(std::vector<ResolvedKey>& keys, std::string_view name, std::string value,
                  std::string note) {
  const auto key = std::find_if(keys.begin(), keys.end(),
                                [name](const ResolvedKey& each) { return each.key == name; });
  key->value = std::move(value);
  key->is_default = false;
  key->note = std::move(note);
}

Section::Section(const Document& document, std::string title, std::string prefix,
                 const Entry* entry)
    : document_(document), title_(std::move(title)), prefix_(std::move(prefix)) {
  if (entry == nullptr) return;
  at_ = entry->at;
  table_ = std::get_if<Table>(&entry->value.value);
  if (table_ == nullptr) {
    fail(at_, fmt::format("'{}' must be a section of its own: {}", entry->key, title_));
  }
}

Section::Section(const Document& document, std::string title, std::string prefix, const Node& node)
    : document_(document),
      title_(std::move(title)),
      prefix_(std::move(prefix)),
      table_(std::get_if<Table>(&node.value)),
      at_(node.at) {
  if (table_ == nullptr) fail(at_, fmt::format("{} must be a section of its own", title_));
}

const Table& Section::table() const { return table_ != nullptr ? *table_ : no_table(); }

Position Section::value_at(std::string_view key) const {
  const Entry* entry = find(key);
  return entry != nullptr ? entry->value.at : at_;
}

Section Section::child(std::string_view key, std::string title) const {
  return {document_, std::move(title), fmt::format("{}{}.", prefix_, key), find(key)};
}

void Section::reject_unknown(const std::vector<std::string>& known) const {
  for (const Entry& entry : table()) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    if (known.empty()) {
      fail(entry.at, fmt::format("unknown key '{}': {} takes no keys", entry.key, title_));
    }
    fail(entry.at,
         fmt::format("unknown key '{}' in {}{}", entry.key, title_, suggestion(entry.key, known)));
  }
}

void Section::fail_value(const Entry& entry, const std::string& allowed) const {
  fail(entry.value.at, fmt::format("'{}' in {} must be {}; it is {}", entry.key, title_, allowed,
                                   show(entry.value)));
}

std::string Section::read_input(const Entry& entry, const ParameterInfo& declared,
                                InputFiles& files) const {
  const auto* path = std::get_if<std::string>(&entry.value.value);
  if (path == nullptr || path->empty()) fail_value(entry, allowed_text(declared));
  const std::string name = prefix_ + entry.key;
  const std::filesystem::path file = files.recorded ? *files.recorded / name : files.folder / *path;
  std::string content;
  try {
    content = read_file(file);
  } catch (const std::runtime_error& error) {
    fail(entry.value.at, fmt::format("'{}' in {}: cannot read {}: {}", entry.key, title_,
                                     file.string(), error.what()));
  }
  // no content stands for no file
  if (content.empty()) {
    fail(entry.value.at, fmt::format("'{}' in {}: {} is empty", entry.key, title_, file.string()));
  }
  return files.contents[name] = std::move(content);
}

ParameterValue Section::read_value(const Entry& entry, const ParameterInfo& declared,
                                   InputFiles& files) const {
  if (declared.kind == ParameterKind::file) return read_input(entry, declared, files);
  const std::optional<ParameterValue> value = convert(entry.value, declared);
  if (!value) {
    const auto* text = std::get_if<std::string>(&entry.value.value);
    const bool has_choices = text != nullptr && !declared.choices.empty();
    const std::string near = has_choices ? suggestion(*text, declared.choices) : "";
    const bool is_hint = near.find("did you mean") != std::string::npos;
    fail(entry.value.at,
         fmt::format("'{}' in {} must be {}; it is {}{}", entry.key, title_, allowed_text(declared),
                     show(entry.value), is_hint ? near : ""));
  }
  if (is_reversed<IntegerRange>(*value) || is_reversed<RealRange>(*value)) {
    fail(entry.value.at, fmt::format("'{}' in {} is {}: write the low end first", entry.key, title_,
                                     show(entry.value)));
  }
  return *value;
}

void Section::read(const KeyInfo& key, InputFiles& files, Resolved& into) const {
  const ParameterInfo& declared = key.value;
  const Entry* entry = find(declared.name);
  if (entry == nullptr && key.required) {
    fail(at_, fmt::format("{} needs a '{}': {}", title_, declared.name, declared.summary));
  }
  const ParameterValue value =
      entry != nullptr ? read_value(*entry, declared, files) : declared.default_value;
  const bool is_default = value == declared.default_value;
  into.keys.push_back({prefix_ + declared.name,
                       is_default ? default_text(declared) : to_text(declared, value),
                       entry == nullptr, key.decides_results, note_text(declared)});
  into.values.set(declared.name, value);
}

Resolved Section::read_all(const std::vector<KeyInfo>& keys, InputFiles& files,
                           const std::vector<std::string>& also_known) const {
  std::vector<std::string> known = also_known;
  for (const KeyInfo& key : keys) known.push_back(key.value.name);
  reject_unknown(known);
  Resolved resolved;
  for (const KeyInfo& key : keys) read(key, files, resolved);
  return resolved;
}

}  // namespace joust::spec
