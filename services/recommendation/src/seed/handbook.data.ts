/** A text of the sample company's handbook: title, Markdown, course that it belongs to (or null). */
export type HandbookText = readonly [string, string, string | null];

/**
 * What people of the sample company look up: long enough to have sections, with figures that can be asked for, and two
 * policies of one kind, of which a question has to name one.
 */
export const sampleHandbook: readonly HandbookText[] = [
  [
    'Information Security Guide',
    `# Information Security Guide

This guide is for everybody who works with our systems. It says what you do yourself; what the security team does stands in its own handbook.

## Passwords

A strong password is long: use a passphrase of at least 14 characters, for example four words that have nothing to do with each other. Do not use the same password for two systems. Keep your passwords in the password manager that every employee gets on the first day; browsers and notes are not safe places for them.

You change a password when you have a reason to believe that somebody else knows it. There is no change by the calendar.

## Second factor

Every sign-in from outside the office network needs a second factor. Use the authenticator app or a hardware key. Codes by text message are allowed only for the first 14 days, until your key has arrived.

If you lose your key, call the service desk at once: it is blocked within 30 minutes, and you get a replacement on the next working day.

## Phishing

Look at the sender's address and at where a link leads before you click. We never ask for a password by e-mail or telephone. Report a suspicious message with the button "Report" in the mail program; do not forward it to colleagues. Whoever reports a message that they have already clicked has nothing to fear: quick reports are what limits the damage.

## Devices

Lock your screen whenever you leave your desk. Laptops are encrypted by default. A lost or stolen device is reported within one hour, also at night and on weekends; the security team can erase it from afar.

## Incidents

An incident is anything that lets somebody see, change or delete data who should not. Report it to the security team within one hour of noticing it. The team decides within 24 hours whether people or authorities must be told.
`,
    'Information Security Basics',
  ],
  [
    'Vacation Policy Germany',
    `# Vacation Policy Germany

This policy holds for employees with a German contract.

## How many days

Full-time employees have 30 vacation days a year. Part-time employees have a share of them that follows their working days per week: three days a week make 18 days.

## Asking for vacation

Ask for vacation in the HR portal, at least two weeks before it begins; for more than ten days in a row, six weeks before. Your manager answers within five working days.

## Unused days

Unused days can be taken until 31 March of the following year. What is left then expires, unless illness or urgent work kept you from taking it.

## Illness

Days on which you are ill during a vacation do not count as vacation when you hand in a doctor's note from the first day on.
`,
    null,
  ],
  [
    'Vacation Policy Hungary',
    `# Vacation Policy Hungary

This policy holds for employees with a Hungarian contract.

## How many days

Every employee has 20 vacation days a year. The number grows with age: from 25 years on it is 21 days, and it reaches 30 days at the age of 45. Parents have 2 more days for one child, 4 for two children and 7 for three or more.

## Asking for vacation

Ask for vacation in the HR portal, at least 15 days before it begins. Seven working days of a year are yours to choose; the others are agreed with your manager.

## Unused days

Vacation is taken in the year that it belongs to. Days that illness kept you from taking are taken within 60 days of your return.
`,
    null,
  ],
  [
    'Working from Home',
    `# Working from Home

## Who may

Everybody whose work does not need a place in the office may work from home up to three days a week. The days are agreed in the team; one day a week is the same for all of a team and is spent in the office.

## Equipment

You get a laptop, a headset and a second screen. Once in three years you can be paid back up to 400 euros for a chair or a desk; hand in the bill in the HR portal.

## Reachability

Core hours are from 10:00 to 15:00. Outside of them nobody is expected to answer. Put longer absences into the shared calendar.

## From abroad

Working from another country of the European Union is possible for up to 20 working days a year. Ask the HR team four weeks before, because a certificate for social security is needed. Working from outside the European Union is not possible.
`,
    null,
  ],
  [
    'Code Review Guide',
    `# Code Review Guide

## What a review is for

A review makes sure that a second person understands a change and would carry it on. It finds mistakes, but tests find more of them; it spreads knowledge, and nothing else does that as well.

## Size

Keep a change below 400 changed lines. Larger ones are split: first what only moves, then what changes behaviour. A reviewer may send back a change that is too large without reading it.

## Time

A review begins within one working day. If you cannot do it in that time, say so, and name somebody else.

## What to look at

1. Does the change do what its description says, and is there a test that fails without it?
2. Are names those that the rest of the code uses?
3. What happens on bad input, on an error, and when it runs twice?
4. Is something there already that could have been used?

## How to write comments

Ask rather than demand, give the reason, and say whether a comment must be dealt with before merging. Praise what is good.
`,
    'Advanced JavaScript',
  ],
  [
    'Giving Feedback',
    `# Giving Feedback

Feedback helps when it is about something that the other person can change, and when it comes soon.

## Situation, behaviour, effect

Say when and where it was, what you saw or heard, and what it did to you or to the work. "In Tuesday's review you interrupted Ana twice; she did not finish, and we missed the point about the deadline." Leave out what you believe the reasons were: ask for them.

## Time and place

Praise may be given in front of others. Criticism is given alone, within a week, and not by chat.

## Receiving it

Listen to the end, ask for an example, say thank you. You decide what you do with it, and you need not decide at once.
`,
    'Feedback that Helps',
  ],
];
