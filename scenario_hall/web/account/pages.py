"""Register, confirm, log in and out, password, preferences."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired

from scenario_hall.core import limits
from scenario_hall.notices.sender import is_refused
from scenario_hall.notices.tokens import CONFIRM_EMAIL, RESET_PASSWORD, read_token
from scenario_hall.organizations import accounts
from scenario_hall.organizations.second_factor import has_second_factor
from scenario_hall.organizations.sessions import sessions_of
from scenario_hall.web.account.half_way import ask_for_code
from scenario_hall.web.kit.addresses import next_page
from scenario_hall.web.kit.cookies import LOCALE, THEME, give_cookie
from scenario_hall.web.kit.devices import know_device, known_devices
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.language import LOCALES, current_locale, without_language
from scenario_hall.web.kit.log_ins import log_in, log_in_again, log_out
from scenario_hall.web.kit.refusals import tell_log_in, tell_refused_log_in
from scenario_hall.web.kit.request import account, database, login_required, must_have_second_factor, settings
from scenario_hall.web.kit.style_sheet import THEMES

pages = Blueprint("account", __name__)
YEAR = timedelta(days=365)


class RegisterForm(HallForm):
    email = EmailField(_l("E-mail"), [DataRequired()], render_kw={"autocomplete": "email"})
    name = StringField(_l("Your name"), [DataRequired()], render_kw={"autocomplete": "name", "maxlength": 100})
    password = PasswordField(
        _l("Password"),
        [DataRequired()],
        description=_l("At least 10 characters; a short sentence is easy to remember."),
        render_kw={"autocomplete": "new-password"},
    )


class LoginForm(HallForm):
    email = EmailField(_l("E-mail"), [DataRequired()], render_kw={"autocomplete": "username"})
    password = PasswordField(_l("Password"), [DataRequired()], render_kw={"autocomplete": "current-password"})
    remember = BooleanField(_l("Keep me logged in on this device"))


class AddressForm(HallForm):
    email = EmailField(_l("E-mail"), [DataRequired()], render_kw={"autocomplete": "email"})


class PasswordForm(HallForm):
    password = PasswordField(
        _l("New password"),
        [DataRequired()],
        description=_l("At least 10 characters; a short sentence is easy to remember."),
        render_kw={"autocomplete": "new-password"},
    )


class ProfileForm(HallForm):
    name = StringField(_l("Your name"), [DataRequired()], render_kw={"autocomplete": "name", "maxlength": 100})
    locale = SelectField(_l("E-mail language"), choices=list(LOCALES.items()))


class ChangePasswordForm(PasswordForm):
    current = PasswordField(_l("Current password"), [DataRequired()], render_kw={"autocomplete": "current-password"})


@pages.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    form = RegisterForm()
    if form.validate_on_submit():
        limits.count_attempt(database(), limits.REGISTER_BY_ADDRESS, request.remote_addr or "-")

        def register_person() -> bool:
            accounts.ask_to_register(
                database(),
                email=form.email.data,
                name=form.name.data,
                password=form.password.data,
                locale=current_locale(),
            )
            return True

        if attempt(form, register_person):
            flash(_("We have e-mailed you a link to go on with; it is valid for 3 days."), "success")
            return redirect(url_for("account.login"))
    return render_template("account/register.html", form=form)


@pages.route("/register/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """The mailed link only asks: programs that look at links in letters confirm nothing."""
    number, email = read_token(settings().secret_key, CONFIRM_EMAIL, token)
    if request.method != "POST":
        return render_template("account/confirm.html", email=email)
    accounts.confirm_email(database(), account_id=int(number), email=str(email))
    flash(_("Your address is confirmed. Next: create your organisation or join one."), "success")
    following = url_for("organizations.index")
    return redirect(following if current_user.is_authenticated else url_for("account.login", next=following))


@pages.post("/register/confirm")
@login_required
def send_confirmation() -> ResponseReturnValue:
    accounts.request_confirmation(database(), account())
    flash(_("We have e-mailed you a new link."), "success")
    return redirect(url_for("desk.show"))


@pages.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(next_page(otherwise="desk.show"))
    form = LoginForm()
    if form.validate_on_submit():
        found = attempt(
            form,
            lambda: accounts.authenticate(
                database(),
                email=form.email.data,
                password=form.password.data,
                address=request.remote_addr or "-",
                devices=known_devices(),
            ),
        )
        if found is not None and has_second_factor(database(), found.pk):
            return ask_for_code(found, is_remembered=form.remember.data)
        if found is None:
            tell_refused_log_in("password")
        else:
            log_in(found, is_remembered=form.remember.data)
            tell_log_in(found.pk, "password")
            following = url_for("second_factor.show") if must_have_second_factor(found) else None
            return know_device(make_response(redirect(following or next_page(otherwise="desk.show"))), found)
    return render_template("account/login.html", form=form, next=request.values.get("next", ""))


@pages.post("/logout")
def logout() -> ResponseReturnValue:
    log_out()
    flash(_("You are logged out."), "info")
    response = make_response(redirect(url_for("hall.show")))
    # What the pages kept in this browser, such as words of a form that was never sent; cookies of taste stay.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@pages.route("/password/forgotten", methods=["GET", "POST"])
def forgotten() -> ResponseReturnValue:
    form = AddressForm()
    if form.validate_on_submit():
        accounts.request_password_reset(database(), email=form.email.data, address=request.remote_addr or "-")
        flash(
            _("If there is an account with this address, a link is on its way. It is valid for two hours."), "success"
        )
        return redirect(url_for("account.login"))
    return render_template("account/forgotten.html", form=form)


@pages.route("/password/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> ResponseReturnValue:
    number, generation = read_token(settings().secret_key, RESET_PASSWORD, token)
    form = PasswordForm()
    if form.validate_on_submit():
        done = attempt(
            form,
            lambda: accounts.reset_password(
                database(), account_id=int(number), session_generation=int(generation), password=form.password.data
            ),
        )
        if done is not None:
            flash(_("Your new password is set. Please log in with it."), "success")
            return know_device(make_response(redirect(url_for("account.login"))), done)
    return render_template("account/reset.html", form=form)


@pages.route("/account", methods=["GET", "POST"])
@login_required
def profile() -> ResponseReturnValue:
    person = account()
    form = ProfileForm(obj=person)
    if form.validate_on_submit():
        accounts.change_account(database(), person, name=form.name.data, locale=form.locale.data)
        flash(_("Saved."), "success")
        return redirect(url_for("account.profile"))
    return _profile_page(form=form, password_form=ChangePasswordForm(formdata=None))


def _profile_page(*, form: ProfileForm, password_form: ChangePasswordForm) -> str:
    person = account()
    return render_template(
        "account/profile.html",
        form=form,
        password_form=password_form,
        person=person,
        is_refused=is_refused(database(), person.pk),
        sessions=sessions_of(database(), person.pk),
        has_factor=has_second_factor(database(), person.pk),
    )


@pages.post("/account/password")
@login_required
def change_password() -> ResponseReturnValue:
    person, form = account(), ChangePasswordForm()

    def change() -> bool:
        accounts.change_password(
            database(),
            person,
            current=form.current.data,
            password=form.password.data,
            session_id=current_user.session_id,
        )
        return True

    if form.validate_on_submit() and attempt(form, change):
        log_in_again(person)
        flash(_("Your new password is set; other devices are logged out."), "success")
        return redirect(url_for("account.profile"))
    return _profile_page(form=ProfileForm(formdata=None, obj=person), password_form=form)


@pages.post("/preferences")
def set_preference() -> ResponseReturnValue:
    """Language and colours, in cookies, without JavaScript and without an account."""
    back = without_language(next_page())
    response = make_response(redirect(back))
    for name, lawful in ((LOCALE, tuple(LOCALES)), (THEME, THEMES)):
        if request.form.get(name) in lawful:
            give_cookie(response, name, request.form[name], YEAR)
    return response
