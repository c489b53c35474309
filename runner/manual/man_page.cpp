#include "runner/manual/man_page.hpp"

#include <fmt/format.h>

#include "runner/manual/prose.hpp"

namespace joust::manual {
namespace {

constexpr std::size_t kLineWidth = 78;

// Characters of the text as they are, whatever they mean to roff; the dash is one to copy.
std::string escape(const std::string& text) {
  std::string escaped;
  for (const char letter : text) {
    switch (letter) {
      case '\\':
        escaped += "\\(rs";
        break;
      case '-':
        escaped += "\\-";
        break;
      case '\'':
        escaped += "\\(aq";
        break;
      case '`':
        escaped += "\\(ga";
        break;
      case '^':
        escaped += "\\(ha";
        break;
      case '~':
        escaped += "\\(ti";
        break;
      default:
        escaped += letter;
    }
  }
  return escaped;
}

std::string bold(const std::string& text) { return "\\fB" + escape(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + escape(text) + "\\fR"; }

// One paragraph, in lines that no word makes a request.
std::string fill(const std::string& text) {
  std::string filled;
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    std::string word = escape(text.substr(at, end - at));
    at = end + 1;
    if (width > 0 && width + 1 + word.size() > kLineWidth) {
      filled += '\n';
      width = 0;
    }
    if (width == 0 && word.starts_with('.')) word.insert(0, "\\&");
    if (width > 0) filled += ' ';
    filled += word;
    width += 1 + word.size();
  }
  return filled + '\n';
}

std::string sentence(const std::string& text) {
  return text.empty() || text.ends_with('.') ? text : text + '.';
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string join(const std::vector<std::string>& parts, const std::string& between) {
  return fmt::format("{}", fmt::join(parts, between));
}

// Of a paragraph with a tag: what it is about, and what is said about it.
std::string tagged(const std::string& tag, const std::string& text) {
  return ".TP\n" + tag + '\n' + fill(text);
}

std::string call(const Program& program, const Command& command) {
  const bool is_self = command.name == program.self.name;
  return is_self ? command.name : program.self.name + ' ' + command.name;
}

// How the command is called: SPEC, [NAME], DIR...
std::string synopsis(const Program& program, const Command& command) {
  std::string line = bold(call(program, command));
  if (command.name == program.self.name) {
    line += " " + italic("COMMAND") + " [" + italic("OPTION") + "]... [" + italic("ARGUMENT") +
            "]...\n.br\n" + bold(command.name);
    return line + " [" + italic("OPTION") + "]\n";
  }
  line += " [" + italic("OPTION") + "]...";
  for (const Argument& argument : command.positionals) {
    const std::string name = italic(argument.names.front()) + (argument.repeats ? "..." : "");
    line += argument.required ? ' ' + name : " [" + name + ']';
  }
  return line + '\n';
}

std::string argument_text(const Argument& argument) {
  std::string text = sentence(argument.text);
  if (!argument.choices.empty()) text += " One of: " + join(argument.choices, ", ") + '.';
  if (!argument.limit.empty()) text += " Must be " + argument.limit + '.';
  if (!argument.excludes.empty()) text += " Not with " + join(argument.excludes, ", ") + '.';
  return text;
}

std::string option_entry(const Argument& option) {
  std::string tag;
  for (const std::string& name : option.names) tag += (tag.empty() ? "" : ", ") + bold(name);
  if (!option.value.empty()) tag += ' ' + italic(option.value);
  return tagged(tag, argument_text(option));
}

// What whatis(1) shows. The program's own summary is a sentence with its name, and goes on.
std::string short_summary(const Program& program, const Command& command) {
  std::string summary = command.summary;
  if (command.name != program.self.name) return summary;
  if (summary.starts_with(command.name + ' ')) summary.erase(0, command.name.size() + 1);
  return summary.substr(0, summary.find(','));
}

std::string section(const std::string& title, const std::string& body) {
  return body.empty() ? "" : ".SH " + title + '\n' + body;
}

std::string description(const Command& command, const Prose& prose) {
  std::string text = fill(sentence(command.summary));
  for (const auto* paragraphs : {&prose.description, &command.notes}) {
    for (const std::string& paragraph : *paragraphs) text += ".PP\n" + fill(paragraph);
  }
  for (const Argument& argument : command.positionals) {
    text += tagged(italic(argument.names.front()), argument_text(argument));
  }
  return text;
}

std::string entries(const std::vector<Entry>& list) {
  std::string text;
  for (const Entry& entry : list) text += tagged(bold(entry.name), entry.text);
  return text;
}

std::string commands(const Program& program) {
  std::string text;
  for (const Command& command : program.commands) {
    text += tagged(bold(call(program, command)), sentence(command.summary));
  }
  return text;
}

std::string see_also(const Program& program, const Command& command) {
  std::vector<std::string> pages;
  if (command.name != program.self.name) pages.push_back(bold(program.self.name) + "(1)");
  for (const Command& other : program.commands) {
    if (other.name != command.name) pages.push_back(bold(page_name(program, other)) + "(1)");
  }
  return join(pages, ",\n") + '\n';
}

}  // namespace

std::string page_name(const Program& program, const Command& command) {
  const bool is_self = command.name == program.self.name;
  return is_self ? command.name : program.self.name + '-' + command.name;
}

std::string man_page(const Program& program, const Command& command) {
  const bool is_self = command.name == program.self.name;
  const Prose prose = prose_of(command.name);
  std::string options;
  for (const Argument& option : command.options) options += option_entry(option);
  std::string codes;
  for (const ExitCode& code : command.exit_codes) {
    codes += tagged(bold(code.number), capitalised(sentence(code.meaning)));
  }
  const std::string name = page_name(program, command);
  return fmt::format(".TH {} 1 \"\" \"joust " JOUST_VERSION "\" \"User Commands\"\n.nh\n.ad l\n",
                     escape(name)) +
         section("NAME", escape(name) + " \\- " + escape(short_summary(program, command)) + '\n') +
         section("SYNOPSIS", synopsis(program, command)) +
         section("DESCRIPTION", description(command, prose)) +
         (is_self ? section("COMMANDS", commands(program)) : "") + section("OPTIONS", options) +
         section("EXIT STATUS", codes) + section("FILES", entries(prose.files)) +
         section("ENVIRONMENT", entries(prose.environment)) +
         section("EXAMPLES", entries(prose.examples)) +
         section("SEE ALSO", see_also(program, command));
}

}  // namespace joust::manual
